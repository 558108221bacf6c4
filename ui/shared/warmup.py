"""Loads TensorFlow in the background, but only after the first page is on screen.

Importing TensorFlow takes seconds and holds the interpreter's lock for much of them: started with the server,
it delayed the first paint from 2.3 s to 6-7 s.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import streamlit as st

from core.libraries import startup
from words import _

# The script of the first page has ended, its last messages are still on their way to the browser.
_GRACE_S = 0.2

_CHECK_S = 0.2
_WAITING = "_waiting_for_tensorflow"

_lock = threading.Lock()
_ready = threading.Event()
_started = threading.Event()
_afterwards: list[Callable[[], None]] = []
_failure: list[str] = []  # one sentence's worth, where the import failed: pages must not wait for ever


def first_page_is_out() -> None:
    """Call at the end of a page's run; starts the warm-up once in a server's life."""
    with _lock:
        if not _started.is_set():
            _started.set()
            threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()


def wait_for_tensorflow(said: str | None = None) -> None:
    """A line in place of what cannot be computed yet. The frame runs the page again once it can. said: what it says, by
    itself that TensorFlow is loading."""
    if _failure:
        st.error(
            _(
                "TensorFlow should load and did not: {failure}. The terminal that runs the dashboard says more.",
                failure=_failure[0],
            )
        )
        return
    st.session_state[_WAITING] = True
    said = said or _("TensorFlow is loading, once for this server: some seconds.")
    st.caption(f":material/hourglass_top: {said}")


def finish_page() -> None:
    """Call last in the frame: start the warm-up, and where the page shows placeholders, run it again when it can
    show more.

    The script waits here, with all its elements on screen. A fragment that looks every quarter of a second would
    do the same, but each of its runs takes the interpreter's lock from the import and made it a second longer.
    """
    first_page_is_out()
    if not st.session_state.pop(_WAITING, False):
        return
    checkpoint = st.empty()
    while not _ready.wait(_CHECK_S) and not _failure:
        checkpoint.empty()  # here Streamlit ends this run if somebody used a widget meanwhile
    st.rerun()


def ready() -> bool:
    """True once layers can be computed without a wait."""
    return _ready.is_set()


def afterwards(act: Callable[[], None]) -> None:
    """Call `act` once TensorFlow is loaded, in the thread that loads it."""
    with _lock:
        if not _ready.is_set():
            _afterwards.append(act)
            return
    act()


def wait(timeout_s: float) -> bool:
    """Start the warm-up if nobody has, and wait for it; for tests and notebooks, not for pages."""
    first_page_is_out()
    return _ready.wait(timeout_s)


def _warm_up() -> None:
    time.sleep(_GRACE_S)
    try:
        startup.prepare()
    except Exception as error:
        _failure.append(f"{type(error).__name__}: {error}".splitlines()[0].rstrip("."))
        raise
    with _lock:
        _ready.set()
    for act in _afterwards:
        act()
