"""What all images together look like: the mean of each digit, and how often each pixel value occurs."""

from __future__ import annotations

import streamlit as st

from core.data import mnist
from core.scripts import dataset
from ui.basics.dataset import split_choice
from ui.shared import charts, controls, pictures, source_code
from viz import digits


@st.fragment
def show() -> None:
    """Mean images above, the pixel histogram below."""
    split = split_choice()
    st.header("The mean image of each digit", anchor=False)
    counts, means = mnist.class_counts(split), mnist.mean_images(split)
    with st.container(horizontal=True, gap="small"):
        for digit, mean in enumerate(means):
            with st.container(width=148, gap="xsmall"):
                pictures.show(digits.grey(mean, 5), width=140, alt=f"Mean of all images of the digit {digit}")
                st.caption(f"**{digit}** · {counts[digit]:,} images")
    st.markdown(
        "Bright: nearly everybody draws ink there. Grey and blurred: people differ. Look at the 1, which leans either "
        "way, and at how alike the means of 4 and 9 are: a network has to tell them apart."
    )
    source_code.python(dataset.mean_images(split))
    st.header("How often each pixel value occurs", anchor=False)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        bins = int(controls.choice("data_bins", "Bars"))
        log = controls.flag("data_log", "Logarithmic counts", "Otherwise the zeros hide everything else.")
    histogram, edges = mnist.pixel_histogram(split, bins)
    charts.show(digits.pixels(histogram, edges, log), key="data_pixels")
    every, _ = mnist.pixel_histogram(split, mnist.PIXEL_VALUES)
    st.markdown(
        f"{every[0] / every.sum():.1%} of all pixels are exactly 0 and {every[-1] / every.sum():.1%} exactly 255. "
        "Dividing by 255 keeps this picture and only renames the axis: 0 to 1."
    )
    source_code.python(dataset.pixel_histogram(split, bins))
