"""The training pill: what trains now, on every page, kept up to date by the browser alone."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ui.components import frame, register

_mount = register("training_pill")
_KEY = "training_pill_button"


def training_pill(now: dict, path: str, opened: Callable[[str], None]) -> None:
    """now: id, name, where (in words) and share (0 to 1) of a run; path: where the server gives the same as JSON, an
    empty object once nothing trains; opened: called with the id of a run that is clicked."""
    _mount(
        data=frame({"now": now, "path": path}, {}),
        key=_KEY,
        width="content",
        on_open_change=lambda: opened(str(st.session_state[_KEY].open)),
    )
