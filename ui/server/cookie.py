"""A token for each browser, in a cookie that no script can read: `ui.shared.visitor` says what it is for."""

from __future__ import annotations

import re
import secrets
from http.cookies import CookieError, SimpleCookie

from ui.server.deep_links import App, Message, Receive, Send

NAME = "layer_lab_visitor"
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_YEAR_S = 365 * 24 * 3600


class VisitorCookie:
    """ASGI middleware that gives a browser its token with the first page; it comes back with every request."""

    def __init__(self, app: App):
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Only pages of who has none get one: what is cached or fetched beside them stays as it is."""
        if scope["type"] != "http" or has_token(scope):
            return await self.app(scope, receive, send)

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_page(message):
                message = {**message, "headers": [*message["headers"], (b"set-cookie", _cookie(scope))]}
            await send(message)

        await self.app(scope, receive, marked)


def has_token(scope: Message) -> bool:
    """Whether a request brings a token that was given out here, as far as it can be seen."""
    for name, value in scope["headers"]:
        if name == b"cookie":
            try:
                found = SimpleCookie(value.decode("latin-1")).get(NAME)
            except CookieError:
                continue
            if found and TOKEN.fullmatch(found.value):
                return True
    return False


def _is_page(message: Message) -> bool:
    return dict(message["headers"]).get(b"content-type", b"").startswith(b"text/html")


def _cookie(scope: Message) -> bytes:
    secure = "; Secure" if scope.get("scheme") == "https" else ""
    token = secrets.token_urlsafe(32)
    return f"{NAME}={token}; Path=/; Max-Age={_YEAR_S}; HttpOnly; SameSite=Lax{secure}".encode()
