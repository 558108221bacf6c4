"""Dropout: a random part of the values is switched off, while training only."""

import streamlit as st

from core.lessons.mistakes import LAYER_SLIPS
from ui.layers import dropout, sections
from ui.shared import controls, mistakes

st.title("Dropout", anchor=False)
st.markdown(
    "In training, Dropout sets a random share of its inputs to 0 and makes the others larger by 1 / (1 − rate), so "
    "that their mean stays the same on average. With training off it does nothing at all."
)

picture, knobs = st.columns([2, 1], gap="medium")
with picture:
    if result := sections.result_of("dropout"):
        dropout.mask(result)
with knobs:
    controls.slider("drop_rate", "Rate", help="The share that is switched off.")
    controls.flag("drop_training", "Training", help="`layer(x, training=True)`; `predict` and `evaluate` use False.")
    controls.number("drop_seed", "Seed", help="Another seed, another mask.")
    sections.reset_button("drop_")

if result:
    sections.details("dropout", result)
mistakes.collapsed(LAYER_SLIPS["dropout"], "dropout_slips")
