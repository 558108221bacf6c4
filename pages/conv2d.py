"""Conv2D: a small kernel slides over the digit and answers, at every place, how well it matches."""

import streamlit as st

from ui import controls, sections, settings
from ui.components.kernel_grid import kernel_grid

st.title("Conv2D", anchor=False)
st.markdown(
    "A kernel is a small grid of weights. At every position it is multiplied with the pixels under it and the "
    "products are added up: one number of the feature map. Move the window and watch the sum."
)

picture, knobs = st.columns([2, 1], gap="medium")
with picture:  # before the controls: the picture that people wait for is the first thing to arrive
    if result := sections.result_of("conv2d"):
        sections.explore(result, "conv", settings.filter_names())
with knobs:
    names = {"random": "Random", "preset": "Presets", "typed": "Typed"}
    source = controls.choice("conv_source", "Kernels", names=names)
    if source == "preset":
        controls.several("conv_presets", "One filter for each of", help=settings.preset_notes())
    if source == "random":
        controls.slider("conv_filters", "Filters", help="Each filter gives one feature map.")
    if source != "preset":
        controls.pair("conv_kernel", "Kernel")
    if source == "typed":
        kernel_grid(settings.typed_kernel())
    controls.choice("conv_padding", "Padding", names={"same": "Same", "valid": "Valid"})
    controls.pair("conv_strides", "Strides")
    controls.pair("conv_dilation", "Dilation")
    controls.bias("conv")
    controls.choice("conv_activation", "Activation", help="The next page has it as a layer of its own.")
    if source == "random":
        controls.choice("conv_initializer", "Initializer", help="How the first weights are drawn.")
        controls.number("conv_seed", "Seed", help="Same seed, same kernels.")
    sections.reset_button("conv_")

if result:
    sections.details("conv2d", result)
