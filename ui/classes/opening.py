"""The teacher's class: who may open one, how pupils find it, how it ends."""

from __future__ import annotations

import time

import streamlit as st

from core.classes import codes, invitation, joining, teaching
from core.classes.limits import ClassError
from core.classes.teaching import Group
from ui.classes import news, own_lesson
from ui.server import forget
from ui.shared import aloud, pictures, state, teacher, text, visitor
from viz import walls
from words import _, plural

LOOK_S = 2.0
_SAID, _ENDED, _TAKE = "_teach_said", "_teach_ended", "teach_take"
_QR_SCALE = 5


def group() -> Group | None:
    """The class of this browser; where there is none, or nobody may have one, words in its place."""
    if said := st.session_state.pop(_SAID, ""):
        st.warning(text.plain(said))
    if st.session_state.pop(_ENDED, False):
        st.success(
            _("The class has ended. Its answers, its drawings and the runs that were trained on them are deleted.")
        )
    if visitor.has_teacher() and not visitor.is_teacher():
        st.markdown(_("Who gives the teacher's password of this server can open a class."))
        teacher.ask("teach_password")
        return None
    try:
        found = teaching.of_teacher(visitor.token())
    except ClassError as error:
        st.error(text.plain(str(error)))
        return None
    if found is None:
        own_lesson.lend(None)
        _offer()
    return found


def _offer() -> None:
    with st.container(border=True, gap="small"):
        st.markdown(
            _(
                "Pupils join with a code or by a QR code, without accounts and names. You bring all of them to a step "
                "of a lesson, or let them go on their own; you see how many have answered what, and every drawing that "
                "they send to the board.\n\nThe class ends by itself after a day. Then, or when you end it, everything "
                "in it is deleted."
            )
        )
        st.button(_("Open a class"), icon=":material/co_present:", key="teach_open", on_click=_open)
    if visitor.is_teacher():
        with st.expander(_("Lead a class that is open in another browser"), icon=":material/devices:"):
            st.text_input(_("Its code"), key=_TAKE, width=200, on_change=_take)


def _open() -> None:
    state.reset("teach_")  # nothing of a class before
    _trying(lambda: teaching.open_class(visitor.token()))
    if _SAID not in st.session_state:
        aloud.say(_("The class is open."))


def _take() -> None:
    """Only who has the password gets here; they lead all classes of the server."""
    code = codes.written(st.session_state.get(_TAKE) or "")
    if not visitor.is_teacher():
        return

    def take() -> None:
        found = teaching.by_code(code) if code else None
        if found is None:
            raise ClassError(_("That should be the code of a class that is open here, and there is none."))
        teaching.take(found, visitor.token())

    _trying(take)


def _trying(action) -> None:
    try:
        action()
    except ClassError as error:
        st.session_state[_SAID] = str(error)


def invite(found: Group) -> None:
    """Code, address and QR code, as large as a room needs; how many have come."""
    page = st.context.url or "http://localhost/teach"
    link = invitation.address(page, found.code).replace("`", "")
    # once they are led the room needs the place; who comes late finds the code in what is folded away
    leads = found.leads
    title = _("How pupils join: {code}", code=found.spoken)
    with st.expander(title, expanded=not leads, key=f"teach_join_{leads}"):
        words, code = st.columns([3, 1], gap="medium", vertical_alignment="center")
        with words:
            # as wide as the column allows: it is read from the last row
            st.html(
                '<p style="font-size: clamp(2.5rem, 7vw, 6rem); font-weight: 700; line-height: 1.1; margin: 0; '
                f'white-space: nowrap; letter-spacing: 0.02em">{found.spoken}</p>'
            )
            st.markdown(_("Type the code under **Lessons**, or open `{link}`", link=link))
            _joined(found)
            if invitation.is_local(page):
                st.warning(
                    _(
                        "Your window shows the server as localhost, and other machines find something else there. Open "
                        "this page by the machine's own address, which `make classroom` prints; then the code leads "
                        "there."
                    )
                )
        with code:
            alt = _("QR code of {link}", link=link)
            pictures.show(walls.picture(invitation.qr(link), _QR_SCALE), width="stretch", alt=alt)
    aloud.show(f"teach_join_{leads}")


@st.fragment(run_every=LOOK_S)
def _joined(found: Group) -> None:
    try:
        count = joining.count(found)
    except ClassError as error:
        st.caption(text.plain(str(error)))
        return
    said = plural(
        ":material/groups: **{count}** pupil has joined.", ":material/groups: **{count}** pupils have joined.", count
    )
    st.markdown(said)
    news.tell(f"joined {found.id}", said)


def ending(found: Group) -> None:
    """When it ends, and the way to end it now."""
    left = text.duration(max(0.0, found.ends - time.time()))
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.caption(_("The class ends by itself in {left}.", left=left), width="content")
        with st.popover(_("End the class"), icon=":material/logout:"):
            st.markdown(
                _(
                    "This deletes all answers and drawings, and the runs that were trained on them, for good. Download "
                    "the drawings before, if you want them."
                )
            )
            st.button(_("End it now"), key="teach_end", on_click=_end, args=(found,))


def _end(found: Group) -> None:
    _trying(lambda: teaching.end(found))
    forget.runs()  # not only within a minute: who ends a class is told that all is gone
    st.session_state[_ENDED] = _SAID not in st.session_state
    state.reset("teach_")
