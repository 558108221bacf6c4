"""Controls that a link hides: /conv2d?hide=conv_strides_h,conv_strides_w shows the page without them.

What they set stays as the link has it. So a class looks at one thing at a time, and nobody is lost among twenty knobs.
Who wants all of them back takes `hide` out of the address.
"""

from __future__ import annotations

import streamlit as st

from ui.shared import state
from words import _

HIDE = "hide"
MOST = 1000
_SEEN = "_controls_seen"


def _known(said: str) -> None:
    unknown = [key for key in said.split(",") if key and key not in state.PARAMS]
    if unknown:
        raise ValueError(_("settings with commas between them, such as conv_strides_h,conv_strides_w"))


state.declare(state.text(HIDE, "", _known, most=MOST))


def hides(key: str, label: str) -> bool:
    """Whether the control of this setting is not to be drawn. Ask before drawing one: what a page has is noted, so that
    a link without it can be made. label: what people know it by."""
    seen = st.session_state.setdefault(_SEEN, {})
    seen.setdefault(state.page() or "", {})[key] = label
    return key in state.get(HIDE).split(",")


def seen(page: str) -> dict[str, str]:
    """The controls that this window has met on a page, by its address: setting → label."""
    return st.session_state.get(_SEEN, {}).get(page, {})


def pages() -> list[str]:
    """The addresses of pages on which this window has met any."""
    return list(st.session_state.get(_SEEN, {}))
