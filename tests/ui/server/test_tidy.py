"""Memory of closed windows is given back, once, after their sessions are gone."""

import gc
import platform
import subprocess
import sys
import threading
import weakref
from pathlib import Path
from types import SimpleNamespace

import pytest
import tensorflow as tf
from tensorflow.python.eager import context

from ui.server import tidy
from ui.shared import cache

ROOT = Path(__file__).parents[3]


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


def convolved(kernel_size, strides=1):
    return tf.nn.conv2d(tf.ones((1, 9, 9, 2)), tf.ones((kernel_size, kernel_size, 2, 4)), strides, "VALID")


def test_what_tensorflow_has_prepared_goes_while_others_compute():
    asked, wrong, enough = [], [], threading.Event()

    def compute(number):
        while not enough.is_set():
            kernel_size = 2 + len(asked) % 3
            answer = convolved(kernel_size, 1 + number % 2).numpy()
            wrong.extend(answer[answer != 2 * kernel_size**2])
            asked.append(number)

    threads = [threading.Thread(target=compute, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    while len(asked) < 300 and any(thread.is_alive() for thread in threads):
        tidy.give_back()
    enough.set()
    for thread in threads:
        thread.join()
    assert len(asked) >= 300 and not wrong


def test_it_goes_whether_somebody_is_there_or_not(monkeypatch):
    cleared, clear = [], context.context().clear_kernel_cache
    monkeypatch.setattr(context.context(), "clear_kernel_cache", lambda: cleared.append(clear()))
    tidy.give_back()
    tidy.give_back(everybody_left=True)
    assert len(cleared) == 2


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


HEAPS = """
import ctypes, sys, threading
from ui.server import tidy
if sys.argv[1:]:
    tidy.few_heaps()
together = threading.Barrier(9)
def take():
    held = [bytes(5000) for _ in range(20)]
    together.wait()
threads = [threading.Thread(target=take) for _ in range(8)]
for thread in threads:
    thread.start()
together.wait()
libc = ctypes.CDLL(None)
libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
libc.fflush(None)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries have heaps of other kinds")
def test_all_threads_take_from_two_heaps():
    def heaps(*few):
        process = subprocess.run(
            [sys.executable, "-c", HEAPS, *few], cwd=ROOT, capture_output=True, text=True, check=True
        )
        return process.stdout.count("<heap ")

    assert heaps("few") <= 2 < heaps()
