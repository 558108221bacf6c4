"""What trains now, for the pill of every page: asked by the browser beside Streamlit, so that no script runs for it."""

from __future__ import annotations

import asyncio
import importlib
import json
from urllib.parse import parse_qs

import words
from ui.server.deep_links import App, Message, Receive, Send, language

ADDRESS = "training.json"


class Training:
    """ASGI middleware that answers at `ADDRESS`, below whatever folder the app is served from."""

    def __init__(self, app: App, now: str):
        """now: the module whose function `now` says what trains; it is given the id of the run that the browser shows.
        By its name: it imports numpy, which would keep the port closed for a while."""
        self.app, self.module = app, now

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """JSON of what `now` says: an empty object where nothing trains."""
        if scope["type"] != "http" or scope["path"].rpartition("/")[2] != ADDRESS:
            return await self.app(scope, receive, send)
        # reads files: not in the loop that serves all sessions
        shown = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("id", [""])[-1]
        body = json.dumps(await asyncio.to_thread(self._now, language(scope), shown)).encode()
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _now(self, spoken: str, shown: str) -> dict:
        with words.using(spoken):
            return importlib.import_module(self.module).now(shown)
