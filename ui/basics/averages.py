"""What all images together look like: the mean of each digit, and how often each pixel value occurs."""

from __future__ import annotations

import streamlit as st

from core.data import mnist
from core.scripts import dataset
from ui.basics.dataset import split_choice
from ui.shared import charts, controls, pictures, source_code
from viz import digits
from words import _


@st.fragment
def show() -> None:
    """Mean images above, the pixel histogram below."""
    split = split_choice()
    st.header(_("The mean image of each digit"), anchor=False)
    counts, means = mnist.class_counts(split), mnist.mean_images(split)
    with st.container(horizontal=True, gap="small", key="bar_means"):
        for digit, mean in enumerate(means):
            with st.container(width=148, gap="xsmall"):
                alt = _("Mean of all images of the digit {digit}", digit=digit)
                pictures.show(digits.grey(mean, 5), width=140, alt=alt)
                st.caption(_("**{digit}** · {count:,} images", digit=digit, count=counts[digit]))
    st.markdown(
        _(
            "Bright: nearly everybody draws ink there. Grey and blurred: people differ. Look at the 1, which leans "
            "either way, and at how alike the means of 4 and 9 are: a network has to tell them apart."
        )
    )
    source_code.python(dataset.mean_images(split))
    st.header(_("How often each pixel value occurs"), anchor=False)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        bins = int(controls.choice("data_bins", _("Bars")))
        log = controls.flag("data_log", _("Logarithmic counts"), _("Otherwise the zeros hide everything else."))
    histogram, edges = mnist.pixel_histogram(split, bins)
    charts.show(digits.pixels(histogram, edges, log), key="data_pixels")
    every, _edges = mnist.pixel_histogram(split, mnist.PIXEL_VALUES)
    st.markdown(
        _(
            "{zeros:.1%} of all pixels are exactly 0 and {full:.1%} exactly 255. Dividing by 255 keeps this picture "
            "and only renames the axis: 0 to 1.",
            zeros=every[0] / every.sum(),
            full=every[-1] / every.sum(),
        )
    )
    source_code.python(dataset.pixel_histogram(split, bins))
