"""Memory of closed windows is given back, once, after their sessions are gone."""

import gc
import weakref
from types import SimpleNamespace

import pytest

from ui.server import tidy


@pytest.fixture
def clock(monkeypatch):
    """Seconds that a test puts forward."""
    now = [1000.0]
    monkeypatch.setattr(tidy, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(tidy, "_closed", None)
    return now


def test_it_is_due_once_some_time_after_the_first_window_was_closed(clock):
    assert not tidy.due()
    tidy.window_closed()
    clock[0] += tidy.FORGOTTEN_S / 2
    tidy.window_closed()  # of those that follow none puts it off
    assert not tidy.due()
    clock[0] += tidy.FORGOTTEN_S / 2
    assert tidy.due() and not tidy.due()


def test_what_nobody_reaches_any_more_is_collected():
    class Circle:
        pass

    gc.disable()
    try:
        one = Circle()
        one.self = one
        gone = weakref.ref(one)
        del one
        assert gone() is not None
        assert tidy.give_back() >= 1 and gone() is None
    finally:
        gc.enable()
