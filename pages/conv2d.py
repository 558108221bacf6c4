"""Conv2D: a small kernel slides over the digit and answers, at every place, how well it matches."""

import streamlit as st

from core.lessons.mistakes import LAYER_SLIPS
from ui.components.kernel_grid import kernel_grid
from ui.layers import conv2d, sections, settings
from ui.shared import controls, mistakes, network_choice

st.title("Conv2D", anchor=False)
st.markdown(
    "A kernel is a small grid of weights. At every position it is multiplied with the pixels under it and the "
    "products are added up: one number of the feature map. Move the window and watch the sum."
)

picture, knobs = st.columns([2, 1], gap="medium")
with picture:  # before the controls: the picture that people wait for is the first thing to arrive
    if result := sections.result_of("conv2d"):
        sections.explore(result, "conv", settings.filter_names())
        conv2d.unscaled(result)
with knobs:
    conv2d.pixels_choice()
    source = controls.select("conv_source", "Kernels", names=settings.KERNEL_SOURCES)
    if source == "preset":
        controls.several("conv_presets", "One filter for each of", help=settings.preset_notes())
    if source == "random":
        controls.slider("conv_filters", "Filters", help="`filters`: each one gives a feature map.")
    if source == "trained":
        network_choice.choose()
        st.caption("Kernels and biases of its first convolution. Number and size are the network's.")
    if source in ("random", "typed"):
        controls.pair("conv_kernel", "Kernel", help="`kernel_size`: the window in pixels. 3 is short for (3, 3).")
    if source == "typed":
        kernel_grid(settings.typed_kernel())
    controls.choice("conv_padding", "Padding", help=conv2d.PADDING_HELP, names={"same": "Same", "valid": "Valid"})
    controls.pair("conv_strides", "Strides", help="`strides`: pixels from window to window. 1 is short for (1, 1).")
    controls.pair("conv_dilation", "Dilation", help="`dilation_rate`: pixels from weight to weight. 1: side by side.")
    if source == "trained":
        controls.flag("conv_use_bias", "Bias", help="Off: without the biases that were learned.")
    else:
        controls.bias("conv")
    controls.choice("conv_activation", "Activation", help="The next page has it as a layer of its own.")
    if source == "random":
        controls.choice("conv_initializer", "Initializer", help="How the first weights are drawn.")
        controls.number("conv_seed", "Seed", help="Same seed, same kernels.")
    sections.reset_button("conv_")

if result:
    sections.details("conv2d", result)
    conv2d.short_form(result.spec)
mistakes.collapsed(LAYER_SLIPS["conv2d"], "conv2d_slips")
