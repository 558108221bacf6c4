"""Pooling: one number for each window, the largest or the mean."""

import streamlit as st

from core.lessons.mistakes import LAYER_SLIPS
from ui.layers import pooling, sections
from ui.shared import controls, mistakes

st.title("Pooling", anchor=False)
st.markdown(
    "Max pooling keeps the strongest answer of each window and forgets where in the window it was: the maps shrink, "
    "the digit stays. With the maximum, the outlined input pixel is the one that won."
)

picture, knobs = st.columns([2, 1], gap="medium")
with picture:
    if result := sections.result_of("pooling"):
        sections.explore(result, "pool")
        pooling.kept(result)
with knobs:
    controls.choice("pool_kind", "Keep", names={"max": "Maximum", "average": "Average"})
    controls.pair("pool_size", "Pool size", help="`pool_size`: the window in pixels. 2 is short for (2, 2).")
    controls.pair("pool_strides", "Strides", help="Keras uses the pool size where you give no strides.")
    controls.choice("pool_padding", "Padding", help=pooling.PADDING_HELP, names={"same": "Same", "valid": "Valid"})
    sections.reset_button("pool_")
    if result:
        pooling.compare(result)

if result:
    sections.details("pooling", result)
mistakes.collapsed(LAYER_SLIPS["pooling"], "pooling_slips")
