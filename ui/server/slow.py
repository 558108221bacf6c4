"""Connections that ask for nothing are closed: uvicorn itself waits for ever for a first request.

Each holds a file handle, and a few hundred of them were enough to let nobody else in (see `ui.server.handles`). What
has asked for something is bounded by uvicorn: between two requests by its keep-alive, a websocket by its pings.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from core.libraries import wrapped

# a browser opens some connections before it needs them; it opens another where one was closed
MOST_S = 20.0


def bound(most_s: float = MOST_S) -> None:
    """Call when the server starts: from now on a connection has so many seconds for its first request."""
    for protocol in _protocols():
        wrapped.once(protocol, "connection_made", partial(_timed, most_s=most_s))


def _protocols() -> list[type]:
    """Those that uvicorn may have chosen; the fast one is not installed everywhere."""
    try:
        from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
    except ImportError:
        return [H11Protocol]
    return [H11Protocol, HttpToolsProtocol]


def _timed(made: Any, most_s: float) -> Any:
    def connection_made(self: Any, transport: asyncio.Transport) -> None:
        made(self, transport)
        asyncio.get_running_loop().call_later(most_s, _look, self, transport)

    return connection_made


def _look(protocol: Any, transport: asyncio.Transport) -> None:
    # a request gives it a cycle; one that became a websocket has another protocol by now
    if transport.get_protocol() is protocol and protocol.cycle is None and not transport.is_closing():
        transport.close()
