"""On the page of all lessons: the way into a class by its code."""

from __future__ import annotations

import streamlit as st

from core.classes.codes import written
from core.classes.limits import ClassError
from ui.classes.settings import CLASS, CODE_DIGITS
from ui.shared import state, text
from words import _

_CODE, _SAID = "class_code", "_class_code_said"


def show() -> None:
    """One row; nothing where somebody is in a class, which the line above says."""
    if state.get(CLASS):
        return
    with st.form("class_code_form", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(_("Code of your class"), key=_CODE, placeholder="4827 1530", width=200)
        st.form_submit_button(_("Find my class"), icon=":material/groups:", on_click=_typed)
    if said := st.session_state.pop(_SAID, ""):
        st.warning(text.plain(said))


def _typed() -> None:
    from ui.classes import member

    typed = st.session_state.get(_CODE) or ""
    code = written(typed)
    if code is None:
        if typed:
            st.session_state[_SAID] = _(
                "The code of a class has {count} digits, and this is something else.", count=CODE_DIGITS
            )
        return
    try:
        if member.find(code) is None:
            st.session_state[_SAID] = _(member.UNKNOWN)
        else:
            state.put({CLASS: code})
    except ClassError as error:
        st.session_state[_SAID] = str(error)
