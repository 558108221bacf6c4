"""Loads TensorFlow in the background, but only after the first page is on screen.

Importing TensorFlow takes seconds and holds the interpreter's lock for much of them: started with the server,
it delayed the first paint from 2.3 s to 6-7 s.
"""

from __future__ import annotations

import threading
import time

from core import startup

# The script of the first page has ended, its last messages are still on their way to the browser.
_GRACE_S = 0.2

_lock = threading.Lock()
_ready = threading.Event()
_started = threading.Event()


def first_page_is_out() -> None:
    """Call at the end of a page's run; starts the warm-up once in a server's life."""
    with _lock:
        if not _started.is_set():
            _started.set()
            threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()


def ready() -> bool:
    """True once layers can be computed without a wait."""
    return _ready.is_set()


def wait(timeout_s: float) -> bool:
    """Start the warm-up if nobody has, and wait for it; for tests and notebooks, not for pages."""
    first_page_is_out()
    return _ready.wait(timeout_s)


def _warm_up() -> None:
    time.sleep(_GRACE_S)
    startup.prepare()
    _ready.set()
