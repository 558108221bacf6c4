"""How many windows a server has open at a time, and what it says to those who come when there is no room."""

from __future__ import annotations

import os
from html import escape

from ui.server import tidy
from ui.server.deep_links import App, Message, Receive, Send, language
from words import _, using

# of one process, where LAYER_LAB_WINDOWS says nothing else: a window that works holds some megabytes
MOST_WINDOWS = 120
VARIABLE = "LAYER_LAB_WINDOWS"
_STREAM = "/_stcore/stream"
_AGAIN_S = 15
# try again later
_LATER = 1013
_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="{again}">
<title>{title}</title>
<style>
  :root {{ color-scheme: light dark; }}
  body {{ font: 1.05rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 18vh auto; padding: 0 1.2rem; }}
  h1 {{ font-size: 1.5rem; }}
</style>
</head>
<body>
<h1>{title}</h1>
<p>{full}</p>
<p>{later}</p>
</body>
</html>
"""


def most_windows() -> int:
    """How many this process serves."""
    said = os.environ.get(VARIABLE, "")
    return int(said) if said.isdecimal() and 0 < len(said) < 7 and int(said) else MOST_WINDOWS


class Full:
    """ASGI middleware that counts open windows, and lets no further one in beyond `most_windows`."""

    def __init__(self, app: App):
        self.app = app
        self.most = most_windows()
        self.open = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """A window is a websocket; who asks for a page is told in time."""
        is_window = scope["type"] == "websocket" and scope["path"].endswith(_STREAM)
        if self.open >= self.most:
            if is_window:
                await receive()
                return await send({"type": "websocket.close", "code": _LATER})
            if _wants_page(scope):
                return await self._say(send, language(scope))
        if not is_window:
            return await self.app(scope, receive, send)
        self._opened(1)
        try:
            await self.app(scope, receive, send)
        finally:
            self._opened(-1)

    def _opened(self, more: int) -> None:
        self.open += more
        tidy.windows(self.open)

    async def _say(self, send: Send, spoken: str) -> None:
        with using(spoken):
            body = self._page(spoken).encode()
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"retry-after", str(_AGAIN_S).encode()),
            (b"cache-control", b"no-store"),
        ]
        await send({"type": "http.response.start", "status": 503, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _page(self, spoken: str) -> str:
        said = {
            "title": _("Layer Lab is full"),
            "full": _(
                "{most} windows are open on this server, and it serves no more at a time. Close those that nobody "
                "needs.",
                most=self.most,
            ),
            "later": _("This page tries again by itself every {again} seconds.", again=_AGAIN_S),
        }
        return _PAGE.format(language=spoken, again=_AGAIN_S, **{name: escape(each) for name, each in said.items()})


def _wants_page(scope: Message) -> bool:
    """Whether a browser asks for a page, and for nothing that an open window fetches."""
    if scope["type"] != "http" or scope["method"] != "GET" or "_stcore" in scope["path"]:
        return False
    return b"text/html" in dict(scope["headers"]).get(b"accept", b"")
