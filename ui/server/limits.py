"""Who is let in: names that a browser may call this server by, and how many messages a window may send."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import socket
import time

from streamlit import runtime

from ui.server.deep_links import App, Message, Receive, Send, language
from words import N_, _, using

LOCAL = ("localhost",)
# As fast as a key repeats, and a burst beyond it: who drags, types or draws stays far below. One window that sends 300
# messages a second held the whole server for minutes.
MESSAGES_A_SECOND = 30.0
BURST = 120.0
# of one window: the largest network and pictures; Streamlit keeps them until the window is closed
MOST_FILES = 40
MOST_FILE_BYTES = 288 * 2**20
_OTHER_NAME = N_(
    "This server answers to localhost, to its number and to its own name. Another name is allowed by "
    "LAYER_LAB_HOSTS=name where it is started."
)
_TOO_MANY_FILES = N_("A window may hold a few files at a time, and this one holds too many: reload it.")


class AllowedHosts:
    """ASGI middleware that answers only those who call the server by a name of its own.

    A page elsewhere may let its own name lead to this machine (DNS rebinding): for the browser both are then one
    origin, and that page reads and does here whatever it likes. A number as address cannot be led elsewhere.
    """

    def __init__(self, app: App):
        self.app = app
        self.names = _names()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One sentence to all others."""
        if scope["type"] not in ("http", "websocket") or self._known(_host(scope)):
            return await self.app(scope, receive, send)
        if scope["type"] == "websocket":
            await receive()
            return await send({"type": "websocket.close", "code": 1008})
        await _refuse(send, 421, _OTHER_NAME, scope)

    def _known(self, host: str) -> bool:
        if host in self.names:
            return True
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return False
        return True


def _names() -> frozenset[str]:
    """Of this machine, and those in LAYER_LAB_HOSTS, with commas between them."""
    own = socket.gethostname().lower()
    said = os.environ.get("LAYER_LAB_HOSTS", "").lower().split(",")
    return frozenset({*LOCAL, own, f"{own}.local", *(name.strip() for name in said)} - {"", ".local"})


def _host(scope: Message) -> str:
    """What the browser calls the server, without the port; "" where it says nothing or two things."""
    said = [value for name, value in scope["headers"] if name == b"host"]
    if len(said) != 1:
        return ""
    text = said[0].decode("latin-1").lower()
    if text.startswith("["):  # IPv6
        return text[1:].partition("]")[0]
    return text.partition(":")[0].rstrip(".")


class UploadQuota:
    """ASGI middleware that refuses a window's next file where the server holds too much of that window already.

    Streamlit bounds each file, not their number: a hundred of them, sent past the page, held 473 MB.
    """

    def __init__(self, app: App):
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Files come as PUT …/_stcore/upload_file/SESSION/FILE."""
        *_before, where, session, _file = ("", "", "", *scope.get("path", "").split("/"))
        if scope["type"] != "http" or scope["method"] != "PUT" or where != "upload_file":
            return await self.app(scope, receive, send)
        files, size = held(session)
        if files < MOST_FILES and size + _length(scope) <= MOST_FILE_BYTES:
            return await self.app(scope, receive, send)
        await _refuse(send, 413, _TOO_MANY_FILES, scope)


def held(session: str) -> tuple[int, int]:
    """How many files Streamlit holds for a session, and their bytes."""
    if not runtime.exists():
        return 0, 0
    # Streamlit has no public way to ask
    storage = getattr(runtime.get_instance().uploaded_file_mgr, "file_storage", {})
    sizes = [len(record.data) for record in list(storage.get(session, {}).values())]
    return len(sizes), sum(sizes)


def _length(scope: Message) -> int:
    said = dict(scope["headers"]).get(b"content-length", b"0")
    return int(said) if said.isdigit() and len(said) < 16 else 0


async def _refuse(send: Send, status: int, sentence: str, scope: Message) -> None:
    with using(language(scope)):
        body = _(sentence).encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class SteadyMessages:
    """ASGI middleware that takes the messages of one window no faster than `MESSAGES_A_SECOND`, after a burst.

    None is lost: the next one is read later, and the browser's sending waits.
    """

    def __init__(self, app: App):
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Only websockets carry such messages."""
        await self.app(scope, _Steady(receive) if scope["type"] == "websocket" else receive, send)


class _Steady:
    """A bucket of `BURST` messages that is filled again evenly."""

    def __init__(self, receive: Receive):
        self.receive = receive
        self.left, self.filled = BURST, time.monotonic()

    async def __call__(self) -> Message:
        if (missing := self._take()) > 0:
            await asyncio.sleep(missing)
        return await self.receive()

    def _take(self) -> float:
        """Seconds until the next message may be read, which is counted already."""
        now = time.monotonic()
        self.left = min(BURST, self.left + (now - self.filled) * MESSAGES_A_SECOND) - 1
        self.filled = now
        return -self.left / MESSAGES_A_SECOND
