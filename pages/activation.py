"""Activation: the same small function applied to every number."""

import streamlit as st

from core.lessons.mistakes import LAYER_SLIPS
from ui.layers import activation, sections
from ui.shared import controls, mistakes

st.title("Activation", anchor=False)
st.markdown(
    "An activation bends every value by the same curve. Without one, two convolutions in a row could do no more than "
    "a single convolution. Look at which values it lets through and which maps it silences."
)

picture, knobs = st.columns([2, 1], gap="medium")
with picture:
    if result := sections.result_of("activation"):
        sections.explore(result, "act")
        activation.dead_maps(result)
with knobs:
    name = controls.choice("act_name", "Function")
    if name == "leaky_relu":
        controls.slider("act_slope", "Negative slope", help="Keras: `negative_slope`.")
    elif name == "elu":
        controls.slider("act_alpha", "Alpha", help="How far below zero the curve levels off.")
    sections.reset_button("act_")
    if result:
        activation.curve(result)
        activation.other_ways(result.spec)

if result:
    sections.details("activation", result)
mistakes.collapsed(LAYER_SLIPS["activation"], "activation_slips")
