"""A page that answers first: a press on one of its widgets draws its picture, and all else a moment later.

A run of the whole script sends every element again, and the browser goes through all of them, those of the sidebar
too, before it paints the picture that somebody waits for. So a page is a fragment: a press runs it alone, up to the
picture (`now`), and then, once nobody presses any more, the whole script.
"""

from __future__ import annotations

import threading
import time

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.session_manager import ActiveSessionInfo

# The browser paints the picture meanwhile: what arrives together is painted together. Of more it paints longer, and the
# rest of the page must not come in between (64 maps of 64 on two cores: the picture after 278 ms instead of 389).
_PAUSE_S = 0.08
_PAUSE_S_A_BYTE = 0.6e-6
_LONGEST_PAUSE_S = 0.2
_LOOK_S = 0.01
_PATIENCE_S = 5.0
_ALONE = "_page_alone"
_RESTED = "_rested"


@st.fragment
def show(page: st.Page) -> None:
    """Run `page`; from now on it runs alone, up to its picture, whenever one of its widgets is used."""
    st.session_state[_ALONE] = bool(getattr(get_script_run_ctx(), "fragment_ids_this_run", None))
    page._can_be_called = True  # Streamlit means once in a run of the whole script
    try:
        page.run()
        now()
    finally:
        st.session_state[_ALONE] = False


def now(size: int = 0) -> None:
    """Call where the picture of a page is complete. Where the page runs alone this ends the run, and starts the one of
    the whole script, or the page's next one where somebody has used a widget meanwhile. size: bytes that the picture
    is painted from.

    What is below stays on screen until then: a run that ends for another one takes nothing away. Not to be called in
    a fragment inside the page: only the fragment that the run is for may ask for its own next one. Streamlit raises an
    error there, and a run with an error counts as complete: all that it did not get to disappears.
    """
    if not st.session_state.get(_ALONE):
        return
    busy = _pause(size)
    st.session_state[_RESTED] = not busy
    st.rerun(scope="fragment" if busy else "app")


def rest() -> None:
    """Call before what may come late: a pause in which the browser paints, unless there has been one just now."""
    if not st.session_state.pop(_RESTED, False):
        time.sleep(_PAUSE_S)


def all_sent() -> None:
    """Call last in the frame: wait until the browser has been sent all elements of this run, or cannot be reached.

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
