"""Drawings as tiles: the picture, and below it what it was meant to be and what was read.

One message of HTML: a board of a hundred pictures as elements of Streamlit's would take a second to appear. By keyboard
they are one stop, see `ui/shared/tiles.js`; who hears the page hears each once, by its picture's description.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape

import numpy as np
import streamlit as st

from core.classes.board import Reading
from core.classes.drawings import Drawn
from ui.shared import pictures, text
from viz import walls
from words import _

_SCALE = 3
_STYLE = """<style>
  .class-tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(6.5rem, 1fr)); gap: 0.75rem;
    margin: 0 !important; padding: 0 !important; list-style: none; }
  .class-tiles li { margin: 0 !important; font-size: 0.875rem; line-height: 1.35; }
  .class-tiles img { display: block; width: 100%; image-rendering: pixelated; border-radius: 0.25rem; }
  .class-tiles img:focus-visible { outline: 3px solid var(--lab-focus); outline-offset: 2px; }
  .class-tiles .fooled { font-weight: 700; }
</style>"""


def show(drawn: Sequence[Drawn], found: Reading, places: np.ndarray) -> None:
    """places: int (n,), which drawings, in which order."""
    tiles = "".join(_tile(drawn[at], found, int(at)) for at in places)
    # a list without bullets is none to some readers, unless it says so
    st.html(f'{_STYLE}<ul class="class-tiles" role="list">{tiles}</ul>')


def _tile(each: Drawn, found: Reading, at: int) -> str:
    picture = base64.b64encode(pictures.png(walls.picture(each.pixels, _SCALE))).decode()
    read, sure = int(found.predictions[at]), text.share(float(found.confidences[at]))
    fooled = read != each.label
    words = f"{'✗' if fooled else '✓'} {read} · {sure}"
    alt = _(
        "Drawing {number}: meant to be a {label}, read as {read}, {sure}",
        number=each.id,
        label=each.label,
        read=read,
        sure=sure,
    )
    meant = _("meant: {label} · no. {number}", label=each.label, number=each.id)
    return (
        f'<li><img src="data:image/png;base64,{picture}" alt="{escape(alt)}" data-number="{each.id}">'
        f'<div aria-hidden="true"><span class="{"fooled" if fooled else "read"}">{words}</span><br>'
        f"{escape(meant)}</div></li>"
    )
