"""Nothing to see: when a browser changes between light and dark, the page is drawn anew."""

from __future__ import annotations

import streamlit as st

from ui.components import frame, register

_mount = register("theme_watch")
_KEY = "theme_changed"
_ANSWERED = "_theme_answered"


def theme_watch(theme: str) -> None:
    """theme: the one that the page is drawn in, "light" or "dark"."""
    heard = {"theme": theme, "answered": st.session_state.get(_ANSWERED, 0)}
    _mount(data=frame(heard, {}), key=_KEY, on_change_change=_changed)


def _changed() -> None:
    """The run that this begins knows of the other theme; where it does not yet, the browser tells it again."""
    st.session_state[_ANSWERED] = st.session_state.get(_ANSWERED, 0) + 1
