"""What a change does to a trained network, said before and after."""

from __future__ import annotations

import streamlit as st

from ui.layers import current
from ui.shared.networks import Chosen
from words import _


def show(chosen: Chosen, back: bool = True) -> None:
    """What a change does to a trained network, or what one has done. back: and the way back, where it has no other
    place.

    In a container, though it may say nothing: what follows keeps its place on the page. A browser makes anew what moves
    to another place, and a slider that somebody holds, or a panel that is open, would be gone with the first change.
    """
    with st.container():
        _say(chosen)
        if back:
            way_back(chosen)


def _say(chosen: Chosen) -> None:
    if chosen.trained:
        st.caption(
            _(
                ":material/lock_open: Learned weights. A change makes this a design of your own with fresh weights; "
                "Back returns to the trained network."
            )
        )
    elif before := current.trained_before():
        name = before.name
        st.caption(
            _(":material/edit: This is a design of your own now, with fresh weights; {name} is as it was.", name=name)
        )


def way_back(chosen: Chosen) -> None:
    """A button, where a design of one's own was a trained network before."""
    if not chosen.trained and (before := current.trained_before()):
        back = _("Back to {name}", name=before.name)
        st.button(back, icon=":material/undo:", key="design_back", on_click=current.go_back, width="content")
