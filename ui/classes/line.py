"""The line above each page of who is in a class, or could be."""

from __future__ import annotations

import streamlit as st

from core.classes import limits
from core.classes.limits import ClassError
from core.classes.teaching import Group
from ui.classes import member
from ui.classes.settings import CLASS, NOTE, STILL
from ui.shared import state, text
from words import N_, _

# a teacher says "next", and thirty windows follow: each of their looks reads one row
LOOK_S = 2.0
_NAME = "class_name"
# by whether somebody has given a name, and whether the teacher leads
_BELONGS = {
    (False, False): N_(":material/groups: In class {code}, at your own pace"),
    (False, True): N_(":material/groups: In class {code}, your teacher leads"),
    (True, False): N_(":material/groups: In class {code} as {name}, at your own pace"),
    (True, True): N_(":material/groups: In class {code} as {name}, your teacher leads"),
}


def show() -> None:
    """All of it."""
    if said := st.session_state.pop(NOTE, ""):
        st.warning(text.plain(said), icon=":material/groups:")
    if not state.get(CLASS):
        return
    try:
        group = member.current()
        me = member.pupil(group) if group else None
    except ClassError as error:
        if not said:
            st.warning(text.plain(str(error)), icon=":material/groups:")
        _look(None)
        return
    if group is None:
        return
    if me is None:
        _invite(group)
    else:
        _belongs(group, text.plain(me.name))
    _look(group)


@st.fragment(run_every=LOOK_S)
def _look(shown: Group | None) -> None:
    """Nothing to see: the whole page runs again once the class is somewhere else, or nowhere any more."""
    try:
        now = member.current(fresh_s=LOOK_S / 2) if state.get(CLASS) else None
    except ClassError:
        return
    if now != shown:
        st.rerun(scope="app")


def _invite(group: Group) -> None:
    with st.container(border=True, gap="small"):
        st.markdown(
            _(
                "**Class {code}.** Your teacher sees how many have answered what, and the drawings that you send. No "
                "account and no name is needed; if you give one, your teacher can see which answers are yours. All of "
                "it is deleted when the class ends, after a day at the latest.",
                code=group.spoken,
            )
        )
        with st.form("class_form", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
            label = _("Your name, if you like to give one")
            st.text_input(label, max_chars=limits.LONGEST_NAME, key=_NAME, width=280)
            st.form_submit_button(_("Join the class"), icon=":material/groups:", on_click=_join, args=(group,))
        st.button(_("Not my class"), type="tertiary", key="class_not_mine", on_click=member.not_this_one)


def _join(group: Group) -> None:
    try:
        member.join(group, st.session_state.get(_NAME) or "")
    except ClassError as error:
        st.session_state[NOTE] = str(error)


def _belongs(group: Group, name: str) -> None:
    """In one line, for it stands above every page."""
    said = _(_BELONGS[bool(name), bool(group.leads)], code=group.spoken, name=name)
    still = st.session_state.get(STILL, False)
    if still:
        said = _(":material/groups: You are still in class {code}", code=group.spoken)
    with st.container(key="class_line", horizontal=True, gap="small", vertical_alignment="center"):
        st.caption(said, width="content")
        if (group.leads or (still and group.lesson)) and not member.at_place(group):
            st.button(
                _("Go to where the class is") if group.leads else _("Back to the lesson"),
                icon=":material/my_location:",
                key="class_go",
                type="tertiary",
                on_click=member.go,
                args=(group,),
            )
        with st.popover(_("Leave class"), type="tertiary"):
            st.markdown(_("What you answered and drew is taken away from the class."))
            st.button(_("Leave the class"), key="class_leave", on_click=member.leave)
