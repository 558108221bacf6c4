"""Memory that closed windows held goes back to the system.

Streamlit keeps the session of a closed window for two minutes, and what a session holds are circles: Python's collector
has to find them, and it looks only where much is made anew, which a server that everybody has left does not do. What
is freed then stays with the C library, until it is told to give it back, and in pieces between what is still in use:
fewer where all threads take from the same two heaps, and arrays from none. And what is remembered of answers is of use
to who is there: when all have left it goes as well.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

# after a window was closed: its session is gone by then
FORGOTTEN_S = 125.0
_LOOK_S = 5.0
# of <malloc.h>
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8


@dataclass
class _Windows:
    """How many are open; when the first one was closed whose memory was not given back yet, and when the last one."""

    open: int = 0
    first: float | None = None
    last: float = 0.0


_windows = _Windows()


def windows(open: int) -> None:
    """So many windows are open now. Of several that were closed the first one since the last time counts, so that it
    comes to that in a lesson too."""
    closed, _windows.open = open < _windows.open, open
    if closed:
        _windows.last = time.monotonic()
        if _windows.first is None:
            _windows.first = _windows.last


def due() -> bool:
    """Whether there is something to give back; True once, and once more for windows that were closed meanwhile."""
    if _windows.first is None or time.monotonic() - _windows.first < FORGOTTEN_S:
        return False
    _windows.first = _windows.last if _windows.last > _windows.first else None
    return True


def few_heaps() -> None:
    """Call when the server starts. By itself glibc gives each thread one of sixteen heaps, and Streamlit begins a
    thread a run: with one class of thirty after the other a server grew twice as fast."""
    if set_option := _glibc("mallopt"):
        set_option(_M_ARENA_MAX, 2)
        set_option(_M_MMAP_THRESHOLD, 2**20)


def _glibc(name: str) -> Callable[..., int] | None:
    """A function that other C libraries do not have."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None


async def keep() -> None:
    """For as long as the server runs."""
    while True:
        await asyncio.sleep(_LOOK_S)
        if due():
            await asyncio.to_thread(give_back, everybody_left=_windows.open == 0)


def give_back(everybody_left: bool = False) -> int:
    """Collect what nobody can reach any more, some tenths of a second of work, and hand its memory back; how many
    objects that were."""
    if everybody_left and (cache := sys.modules.get("ui.shared.cache")):
        cache.clear_all()
    _forget_kernels()
    found = gc.collect()
    if trim := _glibc("malloc_trim"):
        trim(0)
    return found


def _forget_kernels() -> None:
    """TensorFlow keeps all that it has prepared for operations of each kind, some 0.2 MB a convolution, and a class
    turns many sliders. An operation that runs meanwhile keeps its own; the next ones are prepared anew, 2 ms for a
    convolution with pooling behind it."""
    if context := sys.modules.get("tensorflow.python.eager.context"):
        context.context().clear_kernel_cache()
