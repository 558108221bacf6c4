"""The first map before all else: a page waits with what comes after it until the browser has painted it.

What arrives together is painted together. A browser that opens the first page goes through some 130 elements, most of
them the sidebar's, before it runs the script of the one that everybody looks at: on two cores that took longer than
all else from the address to the first map. So the browser says when it has painted the map (a request to
`live/lit/<token>`, ui/server/live.py), and the script sends the rest then.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict

import streamlit as st

from ui.shared import first_answer

# A browser that cannot compute the network says nothing, and has the rest of the page after this.
PATIENCE_S = 2.5
_LOOK_S = 0.02
_MOST = 256
_TOKEN, _WAITED = "_lit_token", "_lit_waited"
_expected: OrderedDict[str, threading.Event] = OrderedDict()
_lock = threading.Lock()


def address() -> str:
    """What the browser asks for once the map is painted, below the folder that the app is served from."""
    if _TOKEN not in st.session_state:
        st.session_state[_TOKEN] = secrets.token_hex(16)
    return f"live/lit/{st.session_state[_TOKEN]}"


def wait() -> None:
    """Call behind the map: the first time in a session until it is painted, or somebody uses the page, or leaves."""
    if st.session_state.get(_WAITED) or not first_answer.browser():
        return
    st.session_state[_WAITED] = True
    token, painted, end = address().rpartition("/")[2], threading.Event(), time.monotonic() + PATIENCE_S
    with _lock:
        _expected[token] = painted
        while len(_expected) > _MOST:
            _expected.popitem(last=False)
    while not painted.wait(_LOOK_S) and time.monotonic() < end and not first_answer.asked():
        pass
    with _lock:
        _expected.pop(token, None)


def heard(token: str) -> None:
    """The browser of this token has painted its map. Tokens that nobody waits for are nothing."""
    with _lock:
        painted = _expected.get(token)
    if painted:
        painted.set()
