"""The engine and the networks that browsers compute with: beside Streamlit, so that they are fetched once and kept."""

from __future__ import annotations

import asyncio
import importlib
import re
from urllib.parse import parse_qsl

from ui.live import lit
from ui.server.deep_links import App, Message, Receive, Send

# A browser has painted its first map.
_LIT = re.compile(r"(?:^|/)live/lit/([0-9a-f]{32})$")
_PATH = re.compile(r"(?:^|/)live/(?:([0-9a-f]{64})/)?([\w.]+)$")
# The hash in the address is that of the content: it can never be out of date.
_FOR_EVER = b"public, max-age=31536000, immutable"
_NEVER = (b"cache-control", b"no-store")


class Live:
    """ASGI middleware that answers at `live/<hash>/<file>`, below whatever folder the app is served from; what has no
    hash in its address is led on to where it has one.

    It stands before Streamlit's compression: weights do not get smaller by it, and packing them takes longer than
    sending them.
    """

    def __init__(self, app: App, addresses: str, more: str):
        """addresses: the module whose `content` is behind the addresses, whose `TYPES` are its types, and whose
        `led_to` knows those without a hash; more: another one with files of its own. By their names: they import numpy,
        which would keep the port closed for a while."""
        self.app, self.module, self.more = app, addresses, more

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """The content, or 404 where there is none of that hash."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            return await self.app(scope, receive, send)
        if told := _LIT.search(scope["path"]):
            lit.heard(told[1])
            return await _answer(send, 204, [_NEVER], b"", scope)
        found = _PATH.search(scope["path"])
        if found is None:
            return await self.app(scope, receive, send)
        hash, file = found.groups()
        query = dict(parse_qsl(scope["query_string"].decode()))
        if hash is None:
            return await self._lead_on(send, file, query, scope)
        tag = f'"{hash}"'.encode()
        if tag in dict(scope["headers"]).get(b"if-none-match", b""):
            return await _answer(send, 304, [(b"etag", tag), (b"cache-control", _FOR_EVER)], b"", scope)
        # reads files, and may compute: not in the loop that serves all sessions
        said = await asyncio.to_thread(self._content, hash, file, query)
        if said is None:
            return await _answer(send, 404, [_NEVER], b"", scope)
        content, kind = said
        headers = [(b"content-type", kind.encode()), (b"cache-control", _FOR_EVER), (b"etag", tag)]
        await _answer(send, 200, headers, content, scope)

    async def _lead_on(self, send: Send, file: str, query: dict[str, str], scope: Message) -> None:
        path = await asyncio.to_thread(lambda: importlib.import_module(self.module).led_to(file, query))
        if path is None:
            return await _answer(send, 404, [_NEVER], b"", scope)
        await _answer(send, 307, [_NEVER, (b"location", path.encode())], b"", scope)

    def _content(self, hash: str, file: str, query: dict[str, str]) -> tuple[bytes, str] | None:
        for name in (self.module, self.more):
            module = importlib.import_module(name)
            if file in module.TYPES:
                content = module.content(hash, file, query)
                return None if content is None else (content, module.TYPES[file])
        return None


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes, scope: Message) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
