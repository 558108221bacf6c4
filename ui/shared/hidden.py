"""Controls that a link hides: /conv2d?hide=conv_strides_h,conv_strides_w shows the page without them.

What they set stays as the link has it. So a class looks at one thing at a time, and nobody is lost among twenty knobs.
Who wants all of them back takes `hide` out of the address.
"""

from __future__ import annotations

import streamlit as st

from ui.shared import state
from words import N_, _

HIDE = "hide"
MOST = 1000
_SEEN = "_controls_seen"
# what components draw themselves, by component and by the names of their .html: labels, of which some stand there too
PARTS = {
    "explorer": {
        "slide": N_("Slide, Step, Speed"),
        "strongest": N_("Strongest"),
        "moves": N_("Move the window"),
    },
    "pad": {"eraser": N_("Pen, Eraser"), "undo": N_("Undo, Redo"), "width": N_("Pen width")},
    "living": {
        "weights": N_("Weights"),
        "follow": N_("Follow the digit"),
        "layers": N_("All layers"),
        "threshold": N_("“I don't know”"),
    },
}


def _known(said: str) -> None:
    known = state.PARAMS.keys() | {_key(component, part) for component, parts in PARTS.items() for part in parts}
    unknown = [key for key in said.split(",") if key and key not in known]
    if unknown:
        raise ValueError(_("settings with commas between them, such as conv_strides_h,conv_strides_w"))


state.declare(state.text(HIDE, "", _known, most=MOST))


def hides(key: str, label: str) -> bool:
    """Whether the control of this setting is not to be drawn. Ask before drawing one: what a page has is noted, so that
    a link without it can be made. label: what people know it by."""
    seen = st.session_state.setdefault(_SEEN, {})
    seen.setdefault(state.page() or "", {})[key] = label
    return key in state.get(HIDE).split(",")


def _key(component: str, part: str) -> str:
    return f"{component}_{part}"


def parts(*components: str) -> list[str]:
    """The names of the parts of components that are not to be drawn; ask whenever one is drawn, see `hides`."""
    return [
        part
        for component in components
        for part, label in PARTS[component].items()
        if hides(_key(component, part), _(label))
    ]


def seen(page: str) -> dict[str, str]:
    """The controls that this window has met on a page, by its address: setting → label."""
    return st.session_state.get(_SEEN, {}).get(page, {})


def pages() -> list[str]:
    """The addresses of pages on which this window has met any."""
    return list(st.session_state.get(_SEEN, {}))
