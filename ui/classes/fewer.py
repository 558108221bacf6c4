"""A link to a page without some of its controls, made by ticking them: for whom twenty knobs are too many at first."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from core.classes import invitation
from core.classes.teaching import Group
from ui.classes.settings import CLASS
from ui.lessons.settings import KEYS
from ui.shared import hidden, navigation, state
from words import _

_NOT_OFFERED = ("teach", "lessons")
_PAGE, _HIDDEN = "fewer_page", "fewer_hidden"


def show(group: Group | None) -> None:
    """The boxes and the link. group: who follows the link stays in this class."""
    with st.expander(_("A link with fewer controls"), icon=":material/visibility_off:", key="teach_fewer"):
        st.markdown(
            _(
                "Open a page, set it up as it is to be seen, come back here by the link at the foot of the first page, "
                "and tick what the link is to hide."
            )
        )
        pages = [page for page in hidden.pages() if page not in _NOT_OFFERED]
        if not pages:
            st.caption(_("You have opened no page with controls in this window yet."))
            return
        page = st.selectbox(_("Page"), pages, len(pages) - 1, format_func=_title, key=_PAGE, width=320)
        labels = hidden.seen(page)
        ticked = st.pills(
            _("Hide"),
            list(labels),
            selection_mode="multi",
            format_func=lambda key: labels.get(key, key),
            key=f"{_HIDDEN}_{page}",
            wrap=True,
        )
        if group and group.leads:
            st.caption(_(":material/groups: Let the class go first: who is led comes back to your step at once."))
        st.markdown(f"`{link(st.context.url or 'http://localhost/teach', page, ticked, group)}`")


def link(here: str, page: str, ticked: list[str], group: Group | None) -> str:
    """What opens the page as this window has it, without these controls. here: the address of any page."""
    settings = {key: said for key, said in state.changed().items() if key not in KEYS}
    more = {CLASS: group.code} if group else {}
    hide = {hidden.HIDE: ",".join(ticked)} if ticked else {}
    return invitation.beside(here, page) + "?" + urlencode({**settings, **more, **hide}, safe=",")


def _title(page: str) -> str:
    return navigation.title(page or navigation.HOME)
