"""A server that has enough windows says so, to those who come; who is there stays."""

import asyncio

import pytest

from tests import loops
from ui.server import full
from ui.server.full import Full

PAGE = {"type": "http", "method": "GET", "path": "/conv2d", "headers": [(b"accept", b"text/html,*/*;q=0.8")]}
WINDOW = {"type": "websocket", "path": "/_stcore/stream", "headers": []}


async def inner(scope, receive, send):
    if scope["type"] == "websocket":
        await receive()  # until it is closed
    else:
        await send({"type": "http.response.start", "status": 200, "headers": []})


async def said(app, scope):
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "websocket.connect"}

    await app(scope, receive, send)
    return sent


async def opened(app, count):
    """So many windows, and what closes them."""
    close = asyncio.Event()

    async def receive():
        await close.wait()
        return {"type": "websocket.disconnect"}

    tasks = [asyncio.create_task(app(WINDOW, receive, None)) for _ in range(count)]
    await asyncio.sleep(0)
    return tasks, close


def test_beyond_the_limit_a_page_says_so_and_a_window_is_refused(monkeypatch):
    monkeypatch.setenv(full.VARIABLE, "3")

    async def scenario():
        app = Full(inner)
        _, close_one = await opened(app, 1)
        others, close = await opened(app, 1)
        assert (await said(app, PAGE))[0]["status"] == 200
        more, _ = await opened(app, 1)
        start, body = await said(app, PAGE)
        assert start["status"] == 503 and b"3 windows are open" in body["body"]
        assert dict(start["headers"])[b"retry-after"] == b"15"
        assert (await said(app, WINDOW))[0] == {"type": "websocket.close", "code": 1013}
        # what open windows fetch is still there
        for path, accept in (("/_stcore/health", b"text/html"), ("/media/a.png", b"image/*"), ("/static/a.js", b"*/*")):
            scope = {**PAGE, "path": path, "headers": [(b"accept", accept)]}
            assert (await said(app, scope))[0]["status"] == 200
        close.set()
        await asyncio.gather(*others)
        assert (await said(app, PAGE))[0]["status"] == 200 and app.open == 2
        close_one.set()
        for task in more:
            task.cancel()

    loops.run(scenario())


@pytest.mark.parametrize(("value", "most"), [("7", 7), ("", full.MOST_WINDOWS), ("0", 120), ("many", 120), ("-1", 120)])
def test_the_limit_is_set_where_the_server_is_started(monkeypatch, value, most):
    monkeypatch.setenv(full.VARIABLE, value)
    assert full.most_windows() == most
