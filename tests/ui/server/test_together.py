"""What a window is sent within a moment goes out in one piece, in its order, and before the window is closed."""

import asyncio
from types import SimpleNamespace

import pytest

from tests import loops
from ui.server import together


class Wire(SimpleNamespace):
    """A transport that notes what it is told."""

    def write(self, data):
        self.told.append(data)

    def close(self):
        self.told.append("closed")
        self.closing = True

    def is_closing(self):
        return self.closing


@pytest.fixture
def wire():
    return Wire(told=[], closing=False, name="its own")


def written(wire, act):
    """What has gone out at once, and what later, after `act` had the transport."""

    async def go():
        loop = asyncio.get_running_loop()
        act(together.Together(wire, loop))
        at_once = list(wire.told)
        later = loop.create_future()
        loop.call_later(2 * together.WAIT_S, later.set_result, None)
        await later
        return at_once, wire.told[len(at_once) :]

    return loops.run(go())


def test_what_comes_together_goes_out_together(wire):
    assert written(wire, lambda sent: [sent.write(part) for part in (b"a", b"b", b"c")]) == ([], [b"abc"])


def test_much_does_not_wait_nor_overtake_what_came_before(wire):
    much = b"x" * together._MOST_BYTES

    def act(sent):
        sent.write(b"a")
        sent.write(much)
        sent.write(b"b")

    assert written(wire, act) == ([b"a" + much], [b"b"])


def test_the_last_words_come_before_the_end_and_none_after_it(wire):
    def act(sent):
        sent.write(b"bye")
        sent.close()
        sent.write(b"too late")

    assert written(wire, act) == ([b"bye", "closed"], [])


def test_all_else_is_the_transports_own(wire):
    written(wire, lambda sent: pytest.fail("another one") if sent.name != "its own" else None)


def test_each_window_gets_one_and_two_servers_in_one_process_are_as_one(monkeypatch, wire):
    from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol as Protocol

    def made(self, transport):
        self.transport = transport

    monkeypatch.setattr(Protocol, "connection_made", made)
    together.send()
    together.send()
    window = SimpleNamespace()

    async def connect():
        Protocol.connection_made(window, wire)

    loops.run(connect())
    assert isinstance(window.transport, together.Together) and window.transport._transport is wire
