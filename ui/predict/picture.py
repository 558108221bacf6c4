"""A picture of a digit, from a file or the camera: the widget that takes it, on the pages that read one."""

from __future__ import annotations

import streamlit as st

from ui.predict import input
from ui.shared import pictures
from words import _

SOURCES = ("upload", "camera")


def take(prefix: str, source: str) -> None:
    """The widget, and below it the picture as it came. It stays in memory, nothing is written to disk.

    prefix: of the widget's key, the page's own. source: one of SOURCES.
    """
    key = f"{prefix}_{source}"
    options = {"key": key, "on_change": input.keep, "args": (source, key)}
    if source == "upload":
        st.file_uploader(_("A picture of one digit"), help=_("Up to 5 MB. It stays in memory."), **options)
    else:
        st.camera_input(_("Hold one digit before the camera"), **options)
    original = input.current().original
    if original and source == "upload":
        pictures.show(original, caption=_("The picture as it came"), alt=_("The picture as it came"))
