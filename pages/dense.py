"""Dense: every unit weighs every input."""

import streamlit as st

from core.lessons.mistakes import LAYER_SLIPS
from ui.layers import dense, sections
from ui.shared import controls, mistakes

st.title("Dense", anchor=False)
st.markdown(
    "Each unit multiplies every input with a weight of its own, adds everything up and adds its bias. Pick a unit to "
    "see which inputs push it up and which push it down."
)

picture, knobs = st.columns([2, 1], gap="medium")
with picture:
    if result := sections.result_of("dense"):
        dense.unit_sum(result, sections.stop_of("flatten").input_shape)
with knobs:
    controls.slider("dense_units", "Units")
    controls.choice("dense_activation", "Activation")
    controls.choice("dense_initializer", "Initializer", help="How the first weights are drawn.")
    controls.number("dense_seed", "Seed", help="Same seed, same weights.")
    controls.bias("dense")
    sections.reset_button("dense_")

if result:
    dense.weight_matrix(result)
    dense.output_layer()
    sections.details("dense", result)
mistakes.collapsed(LAYER_SLIPS["dense"], "dense_slips")
