"""What a window is sent within a moment goes out in one piece: a page is a hundred messages, and each by itself is a
call of the system, a packet, and a reader that is woken.

Streamlit hands messages on every 10 ms, one by one; they wait here for a fifth of that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from core.libraries import wrapped

WAIT_S = 0.002
# more than that is on its way at once
_MOST_BYTES = 2**16


def send() -> None:
    """Call when the server starts; for all windows of this process."""
    try:
        from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol as Protocol
    except ImportError:  # an older uvicorn has others only
        return
    wrapped.once(Protocol, "connection_made", _together)


def _together(made: Callable[..., None]) -> Callable[..., None]:
    def connection_made(self: Any, transport: asyncio.Transport) -> None:
        made(self, transport)
        self.transport = Together(transport, asyncio.get_running_loop())

    return connection_made


class Together:
    """A transport that writes what comes within `WAIT_S` at once, in order; in all else the one that it is of."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop):
        self._transport, self._loop = transport, loop
        self._held: list[bytes] = []
        self._timer: asyncio.TimerHandle | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Soon, with what else comes until then."""
        self._held.append(data)
        if sum(map(len, self._held)) >= _MOST_BYTES:
            self._flush()
        elif self._timer is None:
            self._timer = self._loop.call_later(WAIT_S, self._flush)

    def close(self) -> None:
        """What was written before is sent before."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        held, self._held = b"".join(self._held), []
        if held and not self._transport.is_closing():
            self._transport.write(held)
