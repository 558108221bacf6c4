"""A page that answers first: a press on one of its widgets draws its picture, and all else a moment later.

A run of the whole script sends every element again, and the browser goes through all of them, those of the sidebar
too, before it paints the picture that somebody waits for. So a page is a fragment: a press runs it alone, up to the
picture (`now`), and then, once nobody presses any more, its rest, and after it what follows its settings
(`followers`). Only where something else around the page has changed as well does the whole script run.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.session_manager import ActiveSessionInfo

from ui.shared import followers

# The browser paints the picture meanwhile: what arrives together is painted together. Of more it paints longer, and the
# rest of the page must not come in between (64 maps of 64 on two cores: the picture after 278 ms instead of 389).
_PAUSE_S = 0.08
_PAUSE_S_A_BYTE = 0.6e-6
_LONGEST_PAUSE_S = 0.2
_LOOK_S = 0.01
_PATIENCE_S = 5.0
_ALONE = "_page_alone"
_AROUND = "_around_page"
_RESTED = "_rested"


def remember(around: object) -> None:
    """Call in each run of the whole script, before anything is drawn. around: what is drawn around the page and does
    not follow it by itself comes of this, see `show`; None where that cannot be said."""
    st.session_state[_AROUND] = around


@st.fragment
def show(page: st.Page, around: Callable[[], object]) -> None:
    """Run `page`; from now on it runs alone whenever one of its widgets is used. around: gives what `remember` was
    given, as it is now."""
    alone = bool(getattr(get_script_run_ctx(), "fragment_ids_this_run", None))
    st.session_state[_ALONE] = around if alone else None
    page._can_be_called = True  # Streamlit means once in a run of the whole script
    try:
        page.run()
        now()
    finally:
        st.session_state[_ALONE] = None
    if alone:
        followers.run()
        all_sent()


def now(size: int = 0) -> None:
    """Call where the picture of a page is complete. Where the page runs alone it waits here for a moment, in which the
    browser paints. Where somebody has used a widget meanwhile, or more than the page has changed, this ends the run for
    the page's next one, or for one of the whole script. size: bytes that the picture is painted from.

    What is below stays on screen until then: a run that ends for another one takes nothing away. Not to be called in
    a fragment inside the page: only the fragment that the run is for may ask for its own next one. Streamlit raises an
    error there, and a run with an error counts as complete: all that it did not get to disappears.
    """
    around = st.session_state.get(_ALONE)
    if not around:
        return
    st.session_state[_ALONE] = None  # once a run
    busy = _pause(size)
    st.session_state[_RESTED] = not busy
    if busy:
        st.rerun(scope="fragment")
    before, after = st.session_state.get(_AROUND), around()
    if before is None or before != after:
        st.rerun(scope="app")


def rest() -> None:
    """Call before what may come late: a pause in which the browser paints, unless there has been one just now."""
    if not st.session_state.pop(_RESTED, False):
        time.sleep(_PAUSE_S)


def all_sent() -> None:
    """Call last in a run that completes: wait until the browser has been sent all its elements, or cannot be reached.

    When a fragment's run begins Streamlit drops the fragment's elements that have not been sent yet, since that run
    sends them again. A page's run ends at its picture, and that of another fragment may end for one of the whole
    script; the browser would take what it never got for gone, and a slider that somebody holds would start anew, at its
    default.
    """
    info = browser()
    if info is None:
        return
    session, sent, end = info.session, threading.Event(), time.monotonic() + _PATIENCE_S

    def look() -> None:  # in the loop that sends: behind everything that this run has handed to it
        if session._browser_queue.is_empty():
            sent.set()
        elif time.monotonic() < end:
            session._event_loop.call_later(_LOOK_S, look)

    session._event_loop.call_soon_threadsafe(look)
    sent.wait(_PATIENCE_S)


def browser() -> ActiveSessionInfo | None:
    """Streamlit's session of the browser that this run is for; None where nobody is there, or in a test of a page,
    which has no server."""
    context = get_script_run_ctx()
    sessions = getattr(runtime.get_instance(), "_session_mgr", None) if runtime.exists() else None
    return sessions.get_active_session_info(context.session_id) if context and sessions else None


def _pause(size: int) -> bool:
    """Whether somebody used a widget meanwhile."""
    end = time.monotonic() + min(_PAUSE_S + _PAUSE_S_A_BYTE * size, _LONGEST_PAUSE_S)
    while time.monotonic() < end and not asked():
        time.sleep(_LOOK_S)
    return asked()


def asked() -> bool:
    """Whether another run was asked for during this one. A request for the page alone does not end a run by itself."""
    requests = getattr(get_script_run_ctx(), "script_requests", None)
    state = getattr(requests, "_state", None)
    return state is not None and state.name != "CONTINUE"
