"""Presenting: one key, and the page is large enough for a room: no sidebar, pictures and sums 2.6 times as large.

Everything is enlarged together, by the browser: what a hand can do on the page stays as it is.
"""

from __future__ import annotations

import json

import streamlit as st

from ui.shared import state
from words import _

KEY = "present"
_DECIMALS = 2
# window's width from which on → how many times as large. With 2.6 the smallest number of a sum, of 11 pixels, has 29.
_SIZES = ((0, 1.3), (1200, 1.8), (1800, 2.6))
# how many times as large the texts of charts are drawn: the width of the window is not known where that is done
CHARTS = 2.2

state.declare(state.flag(KEY, False))


def on() -> bool:
    """Whether this window presents."""
    return state.get(KEY)


def decimals() -> int | None:
    """To how many decimals numbers of a sum are rounded for a room; None: they are not."""
    return _DECIMALS if on() else None


def key(name: str) -> str | None:
    """The key that presses a button while presenting, None otherwise: an arrow key has its own work on a page."""
    return name if on() else None


def start() -> None:
    """In the sidebar: the way into it."""
    if not on():
        st.button(
            _("Present"),
            icon=":material/present_to_all:",
            key="present_start",
            shortcut="P",
            on_click=_put,
            args=(True,),
        )


def show() -> None:
    """Call in the page's place: enlarge it, and the way out."""
    if not on():
        return
    st.html(f"<style>{_style()}</style>")
    with st.container(key="present_out"):
        st.button(
            _("Back to the desk"),
            icon=":material/close_fullscreen:",
            key="present_end",
            shortcut="P",
            on_click=_put,
            args=(False,),
        )


def from_the_top(shown: str) -> None:
    """Call in the page: what has just been chosen below begins in sight. shown: what is."""
    if on():
        st.html(_TOP.replace("SHOWN", json.dumps(shown)), unsafe_allow_javascript=True)


def _put(wanted: bool) -> None:
    """Said outright: a key may press the button that goes and the one that comes."""
    state.put({KEY: wanted})


_TOP = """<script>
(() => {
  const before = window.layerLabPresented;
  window.layerLabPresented = SHOWN;
  if (before && before !== SHOWN) document.querySelector("[data-testid=stMain]").scrollTo(0, 0);
})();
</script>"""
# what a page says first is for who reads alone: the picture takes its place
_STYLE = """
[data-testid=stSidebar], [data-testid=stHeader], [data-testid=stExpandSidebarButton] { display: none !important; }
[data-testid=stElementContainer]:has(h1),
[data-testid=stElementContainer]:has(h1) + [data-testid=stElementContainer]:has([data-testid=stMarkdown]),
[data-testid=stElementContainer]:has(h1) + [data-testid=stLayoutWrapper] > [data-testid=stVerticalBlock] >
  [data-testid=stElementContainer]:first-child:has([data-testid=stMarkdown]) {
  display: none;
}
.st-key-present_out { position: fixed; right: 0.5rem; bottom: 0.5rem; width: max-content !important; z-index: 9;
  zoom: 0.5; }
"""


def _style() -> str:
    return _STYLE + "\n".join(_enlarged(width, size) for width, size in _SIZES)


def _enlarged(width: int, size: float) -> str:
    return f"""@media (min-width: {width}px) {{
  [data-testid=stMainBlockContainer] {{ zoom: {size}; padding: 1rem 1.5rem !important; }}
  /* Plotly takes the size of its place from what is on screen, and would be enlarged once more */
  [data-testid=stPlotlyChart] .js-plotly-plot {{ zoom: {1 / size:.4f}; }}
  [data-testid=stColumn]:has(.st-key-lesson_dock) {{ top: 0 !important; max-height: {100 / size:.0f}vh !important; }}
}}"""
