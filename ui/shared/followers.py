"""Parts around a page that follow its settings: the links of the menu carry them, the network's shapes come of them.

They are fragments, and where a page has run alone they run after it: the frame, the digit, and all else that a change
on the page leaves as it is, are not made again. That was half of what a press on a slider cost the server.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

_IDS = "_followers"


def begin() -> None:
    """Call in each run of the whole script, before any of them is shown."""
    st.session_state[_IDS] = []


@st.fragment
def show(part: Callable[..., None], *args: Any) -> None:
    """Draw `part`, here and whenever the page has run alone; args: what it is given each time."""
    own = ThreadState.get().fragment_id
    if own not in (known := st.session_state[_IDS]):
        known.append(own)
    part(*args)


def run() -> None:
    """Ask for a run of all of them, after the one that this is called in.

    Streamlit's `st.rerun` would take their keys; it ends the run that asks, and a run that was ended leaves on screen
    what is not there any more.
    """
    context = get_script_run_ctx()
    requests = getattr(context, "script_requests", None)
    wanted = [each for each in st.session_state.get(_IDS, []) if each]
    if requests is None or not wanted:
        return
    requests.request_rerun(
        RerunData(
            query_string=context.query_string,
            page_script_hash=context.page_script_hash,
            fragment_id_queue=wanted,
            cached_message_hashes=context.cached_message_hashes,
            context_info=context.context_info,
        )
    )
