"""Memory of closed windows is given back, once, after their sessions are gone."""

import gc
import weakref
from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.python.eager import context

from ui.server import tidy
from ui.shared import cache


@pytest.fixture
def clock(monkeypatch):
    """Seconds that a test puts forward."""
    now = [1000.0]
    monkeypatch.setattr(tidy, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(tidy, "_windows", tidy._Windows())
    return now


def test_it_is_due_once_some_time_after_the_first_window_was_closed(clock):
    tidy.windows(3)
    clock[0] += 2 * tidy.FORGOTTEN_S
    assert not tidy.due()
    tidy.windows(2)
    clock[0] += tidy.FORGOTTEN_S / 2
    tidy.windows(1)  # of those that follow none puts it off
    assert not tidy.due()
    clock[0] += tidy.FORGOTTEN_S / 2
    assert tidy.due() and not tidy.due()
    clock[0] += tidy.FORGOTTEN_S / 2  # the session of the second window is gone, too
    assert tidy.due() and not tidy.due()
    clock[0] += 2 * tidy.FORGOTTEN_S
    assert not tidy.due()


def test_what_is_remembered_of_answers_goes_when_all_have_left():
    remembered = cache.Cache(1000, len)
    remembered.get("key", lambda: "value")
    tidy.give_back()
    assert remembered.held
    tidy.give_back(everybody_left=True)
    assert not remembered.held


def test_what_tensorflow_has_prepared_goes_when_all_have_left(monkeypatch):
    cleared, clear = [], context.context().clear_kernel_cache
    monkeypatch.setattr(context.context(), "clear_kernel_cache", lambda: cleared.append(clear()))
    before = tf.nn.relu(tf.constant([-1.0, 2.0]))
    tidy.give_back()
    assert not cleared
    tidy.give_back(everybody_left=True)
    assert len(cleared) == 1
    np.testing.assert_array_equal(tf.nn.relu(tf.constant([-1.0, 2.0])), before)


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
