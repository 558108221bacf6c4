"""Where the digit of the first page comes from besides its pad."""

from __future__ import annotations

import streamlit as st

from ui.predict import input, picture
from ui.predict.settings import SOURCES
from ui.shared import controls, pictures, text
from viz import walls
from words import _


def show() -> None:
    """Where the digit comes from besides the pad: the choice that Predict has, and what it reads of a picture."""
    source = controls.choice("pred_source", _("Digit from"), names=SOURCES, on_change=input.source_changed)
    if source not in picture.SOURCES:
        return
    left, right = st.columns([2, 3], gap="medium")
    with left:
        picture.take("home", source)
    with right:
        found = input.current()
        if found.sentence:
            st.info(text.plain(found.sentence))
        for step, column in zip(found.steps, st.columns(max(1, len(found.steps))), strict=False):
            with column:
                pictures.show(walls.picture(step.picture), caption=step.title, alt=step.title, width="stretch")
