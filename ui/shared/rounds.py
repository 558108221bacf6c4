"""Keys of widgets that show what can be changed elsewhere as well: a digit, the network, its text.

Each message of a browser says what all its widgets hold. One that was sent before the browser heard of a change made
elsewhere, by the next quick press of a key, say, holds what the widget showed until then, and Streamlit would take
that for a change by hand: it would undo the one that was just made. So a widget whose value changes elsewhere gets a
new key, and what the old one held is that of a widget that is gone.
"""

from __future__ import annotations

import streamlit as st

_ALL = "_all_rounds"


def key(name: str, group: str = "") -> str:
    """The key of the widget `name` in the present round of its group; a widget alone is its own group."""
    return f"{name}_{st.session_state.get(_counter(group or name), 0) + st.session_state.get(_ALL, 0)}"


def showing(name: str, value: object) -> str:
    """The key of a widget alone that is to show `value`: a new one where it holds something else."""
    if st.session_state.get(key(name), value) != value:
        renew(name)
    return key(name)


def renew(group: str) -> None:
    """Only before the widgets exist: what they hold has changed elsewhere."""
    st.session_state[_counter(group)] = st.session_state.get(_counter(group), 0) + 1


def renew_all() -> None:
    """The same for every group: the whole view is another one. On the way from page to page the server forgets what
    widgets held, and so `showing` cannot tell; the browser remembers."""
    st.session_state[_ALL] = st.session_state.get(_ALL, 0) + 1


def _counter(group: str) -> str:
    return f"_{group}_round"
