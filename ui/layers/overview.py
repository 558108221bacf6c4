"""Every page in teaching order as a card with a link: what its layer does, or what the page is for."""

from __future__ import annotations

import streamlit as st

from core.runs.folders import RunError
from ui.layers import faces
from ui.shared import navigation, networks, state
from words import N_, _

# what the pages that are no layers are for
_PAGES = {
    "tensors": N_("Shapes, dtypes and casts: the numbers that layers take and give."),
    "dataset": N_("70,000 handwritten digits, and what must happen to them before a network learns."),
    "network": N_("The layers put together: what each costs; add, remove and change them."),
    "train": N_("Choose loss, optimizer and data, and watch the kernels take shape."),
    "evaluate": N_("How many digits it reads, which it mixes up, and when it is guessing."),
    "predict": N_("Draw a digit, and see how it is read and why."),
    "teach": N_("Lead a class through lessons, and see its answers and drawings."),
}
_COLUMNS = 3


def pages() -> None:
    """All sections of the navigation but this page itself, in its order; one stop of Tab (`keyboard.js`)."""
    carried = state.changed()
    with st.container(key="contents"):
        with st.container(border=True, gap="xsmall"):
            navigation.link("lessons", f"**{navigation.title('lessons')}**", carried)
            st.caption(_("Short ways through these pages: say what you expect, look, compare."))
        for section, entries in navigation.SECTIONS.items():
            if section:
                st.header(_(section), anchor=False)
                _cards(list(entries), carried)


def _cards(keys: list[str], carried: dict[str, str]) -> None:
    columns = min(_COLUMNS, len(keys)) if len(keys) % 4 else 4
    for first in range(0, len(keys), columns):
        places = st.columns(columns, gap="small")
        for place, key in zip(places, keys[first : first + columns], strict=False):
            with place, st.container(border=True, height="stretch", gap="xsmall"):
                navigation.link(key, f"**{navigation.title(key)}**", carried)
                st.caption(_(_PAGES[key]) if key in _PAGES else _layer(key))


def _layer(key: str) -> str:
    """What a kind of layer does, and which layers of the current network are of it."""
    face = faces.of_page(key)
    said = _(face.says)
    says = said[0].upper() + said[1:]
    try:
        names = [name for name, layer in networks.chosen().network if isinstance(layer, face.kind)]
    except RunError:  # its run is gone: the page says so above
        names = []
    if not names:
        return _("{says}. This network has none: the page shows one put in.", says=says)
    return f"{says}: {', '.join(f'`{name}`' for name in names)}."
