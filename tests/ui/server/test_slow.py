"""A connection that says nothing ends; one that has asked for something does not end for that."""

import asyncio
import socket
import threading

import pytest
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from ui.server import slow

PATIENCE_S = 60
SILENT_S = 0.3


async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
def port(monkeypatch):
    """Of a server whose connections have a moment for their first request."""
    for protocol in slow._protocols():
        monkeypatch.setattr(protocol, "connection_made", protocol.connection_made)
    slow.bound(SILENT_S)
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="error", http=H11Protocol))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])))
    thread.start()
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join()
    listening.close()


def answer(connection):
    found = b""
    while not found.endswith(b"ok"):
        found += connection.recv(4096)
    return found


def test_who_says_nothing_is_let_go_and_who_asks_is_answered(port):
    silent = socket.create_connection(("127.0.0.1", port), PATIENCE_S)
    half = socket.create_connection(("127.0.0.1", port), PATIENCE_S)
    half.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n")  # and no end
    asking = socket.create_connection(("127.0.0.1", port), PATIENCE_S)
    asking.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    assert b"200 OK" in answer(asking)
    assert silent.recv(4096) == b"" and half.recv(4096) == b""  # closed, after a while
    asking.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    assert b"200 OK" in answer(asking)
    for each in (silent, half, asking):
        each.close()


def test_it_is_bound_once(monkeypatch):
    for protocol in slow._protocols():
        monkeypatch.setattr(protocol, "connection_made", protocol.connection_made)
    slow.bound()
    once = H11Protocol.connection_made
    slow.bound()
    assert H11Protocol.connection_made is once
