"""Memory that closed windows held goes back to the system.

Streamlit keeps the session of a closed window for two minutes, and what a session holds are circles: Python's collector
has to find them, and it looks only where much is made anew, which a server that everybody has left does not do. What
is freed then stays with the C library, until it is told to give it back.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import sys
import time

# after a window was closed: its session is gone by then
FORGOTTEN_S = 125.0
_LOOK_S = 5.0

_closed: float | None = None


def window_closed() -> None:
    """A window was closed; of several the first one since the last time counts, so that it comes to that in a lesson
    too."""
    global _closed
    if _closed is None:
        _closed = time.monotonic()


def due() -> bool:
    """Whether there is something to give back; True once."""
    global _closed
    if _closed is None or time.monotonic() - _closed < FORGOTTEN_S:
        return False
    _closed = None
    return True


async def keep() -> None:
    """For as long as the server runs."""
    while True:
        await asyncio.sleep(_LOOK_S)
        if due():
            await asyncio.to_thread(give_back)


def give_back() -> int:
    """Collect what nobody can reach any more, some tenths of a second of work, and hand its memory back; how many
    objects that were."""
    found = gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, others do not
        if trim:
            trim(0)
    return found
