"""Slips side by side with the right form."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from core.lessons import comments
from core.lessons.mistakes import Slip
from ui.shared import source_code
from words import _


def show(slips: Iterable[Slip]) -> None:
    """One card a slip: what Python says to the wrong line, the right line, and why."""
    st.markdown(_("Each of these has been typed many times. Read the wrong line first: would you have seen it?"))
    for slip in slips:
        with st.container(border=True):
            wrong, right = st.columns(2, gap="medium")
            with wrong:
                st.markdown(_(":red[:material/close:] **Wrong**"))
                source_code.python(comments.translated(f"{slip.setup}\n\n{slip.wrong}"), wrap=True)
                st.markdown(
                    f"`{slip.error}`" if slip.error else _("No error: it gives `{result}`.", result=slip.result)
                )
            with right:
                st.markdown(_(":green[:material/check:] **Right**"))
                source_code.python(comments.translated(f"{slip.setup}\n\n{slip.right}"), wrap=True)
                st.markdown(_(slip.why))


@st.fragment
def collapsed(slips: Iterable[Slip], key: str) -> None:
    """The cards behind a line that opens; closed, they cost a page nothing."""
    panel = st.expander(_("Common mistakes"), icon=":material/warning:", key=key, on_change="rerun")
    if panel.open:
        with panel:
            show(slips)
