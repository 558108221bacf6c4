"""What the page's HTML says besides Streamlit's own: where the server is, and that nothing fades during a run.

On `/conv2d` Streamlit's browser code does not know whether `conv2d` is a page or the folder the app is served
from. It tries `/conv2d/_stcore/health` first, gets a 404 (an error in the console, and a round trip lost), and
only then asks at the root. Its own setting for that, `window.__streamlit.BACKEND_BASE_URL`, skips the guess.

In every run Streamlit gives each element that has not come again yet a transition that fades it after half a second.
Hardly a run takes that long, and a press on a slider made 80 transitions and 60 layers for the compositor, for nothing.
A run that does take long is shown by the sign at the top right.

Streamlit leaves 96 pixels above a page and 80 beside it, which a picture could have.

A table that is wider than a phone is scrolled by itself, not the page.

A lesson (ui/lessons/dock.py) stays in sight while the page beside it is scrolled; on a phone it stands above the page.

The language that the page is in is said where a reader's voice and the browser's hyphens look for it; and that it is
Layer Lab, for a reader says the title while the page is still on its way.

What trains (ui/train/pill.py) stands over the page's head, which is empty: the page does not move for it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs

import streamlit as st

import words

# what an ASGI application is
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

_HEAD = """<script>
    // everything before the page's name is where the app is served from
    window.__streamlit = {{
      BACKEND_BASE_URL: location.origin + location.pathname.replace(/\\/({pages})?\\/?$/, "/"),
      ...window.__streamlit,
    }}
  </script>
  <style>
    [data-stale="true"] {{ opacity: 1 !important; transition: none !important; }}
    @media (min-width: 48rem) {{
      [data-testid="stMainBlockContainer"] {{ padding: 3.75rem 3rem 4rem !important; }}
    }}
    [data-testid="stMarkdownContainer"] table {{ display: block !important; width: fit-content;
      max-width: 100%; overflow-x: auto; }}
    @media (min-width: 48rem) {{
      [data-testid="stColumn"]:has(.st-key-lesson_dock) {{ position: sticky; top: 3.75rem; align-self: flex-start;
        max-height: calc(100vh - 4.5rem); overflow-y: auto; }}
    }}
    .stVerticalBlock.st-key-training_pill {{ position: fixed; top: 0.5rem; left: 50%; transform: translateX(-50%);
      width: max-content; z-index: 999991; }}
  </style>
  """


class DeepLinks:
    """ASGI middleware that adds these to the page's HTML; everything else passes untouched."""

    def __init__(self, app: App, pages: Callable[[], tuple[str, ...]], early: Callable[[str], str]):
        """pages: the addresses of all pages; asked at the first request, for it takes numpy to know all kinds of
        layers, and the port would be closed meanwhile. early: what the first page's HTML says besides, by its language,
        where its address asks for nothing (ui/home/early.py)."""
        self.app, self.early = app, early
        self.pages = lru_cache(maxsize=1)(pages)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Only requests for a page are rewritten; with a base URL path the page is the last part."""
        last = _name(scope["path"]) if scope["type"] == "http" else "."
        is_page = "." not in last and (not last or last in self.pages())
        if not is_page:
            return await self.app(scope, receive, send)
        # the body is changed below, so it must come uncompressed and whole
        headers = [pair for pair in scope["headers"] if pair[0] not in (b"accept-encoding", b"if-none-match")]
        spoken = language(scope)
        early = self.early(spoken) if not last and _asks_nothing(scope) else ""
        head = _HEAD.format(pages="|".join(self.pages())) + early
        await self.app({**scope, "headers": headers}, receive, _Rewriter(send, head.encode(), spoken, bool(early)))


def _name(path: str) -> str:
    """The last part of a path; nothing where it is the folder that the app is served from."""
    path = path.strip("/")
    return "" if path == st.get_option("server.baseUrlPath").strip("/") else path.rpartition("/")[2]


def _held(body: bytes) -> bytes:
    """The same page, its modules under other names: a browser fetches and compiles nothing of them before `layerLabGo`
    of ui/home/early.py gives them their own back. They take all of its time for a second."""
    body = body.replace(b'<script type="module"', b'<script type="held"')
    return body.replace(b'<link rel="modulepreload"', b'<link rel="held"')


def _asks_nothing(scope: Message) -> bool:
    """Whether an address shows what a page shows by itself."""
    return set(parse_qs(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)) <= {"lang"}


def language(scope: Message) -> str:
    """Of a request; ui/shared/language.py finds the same, once the page is there."""
    named = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("lang", [""])[-1]
    header = dict(scope["headers"]).get(b"accept-language", b"")
    return words.of_address(named, header.decode("latin-1"))


class _Rewriter:
    """Holds an HTML answer back until it is whole, then sends it with `head` before its first script, and says that it
    is in `language`. held: Streamlit's scripts wait for what is in `head`."""

    def __init__(self, send: Send, head: bytes, language: str, held: bool):
        self.send, self.head, self.language, self.held = send, head, language.encode(), held
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            content_type = dict(message["headers"]).get(b"content-type", b"")
            if not content_type.startswith(b"text/html"):
                return await self.send(message)
            self.start = message
        elif self.start is None:
            await self.send(message)
        else:
            self.body += message.get("body", b"")
            if not message.get("more_body"):
                await self._finish(message)

    async def _finish(self, message: Message) -> None:
        body = _held(self.body) if self.held else self.body
        body = body.replace(b"<script", self.head + b"<script", 1)
        body = body.replace(b'<html lang="en"', b'<html lang="' + self.language + b'"', 1)
        body = body.replace(b"<title>Streamlit</title>", b"<title>Layer Lab</title>", 1)
        headers = [pair for pair in self.start["headers"] if pair[0] not in (b"content-length", b"etag")]
        headers.append((b"content-length", str(len(body)).encode()))
        await self.send({**self.start, "headers": headers})
        await self.send({**message, "body": body})
