"""The box for the teacher's password, and what is said to a wrong one."""

from __future__ import annotations

import streamlit as st

from ui.shared import visitor
from words import _

_REFUSED = "_teacher_refused"


def ask(key: str) -> None:
    """Ask for it. key: of the box."""
    st.text_input(_("Password"), type="password", key=key, on_change=_typed, args=(key,))
    if st.session_state.pop(_REFUSED, False):
        st.error(
            _("That should be the teacher's password, and is another one.")
            if visitor.listens()
            else _(
                "Too many wrong passwords were tried: no more is listened to for ten minutes, in this window not at "
                "all. Open another one later."
            )
        )


def _typed(key: str) -> None:
    if typed := st.session_state[key]:
        st.session_state[_REFUSED] = not visitor.become_teacher(typed)
        st.session_state[key] = ""
