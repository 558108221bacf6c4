"""Data set: MNIST as it is stored, and what must happen to it before a network can learn from it."""

import streamlit as st

from ui.basics import averages, batches, dataset, prepare
from ui.basics.settings import DATA_PARTS
from ui.shared import controls
from words import _

st.title(_("Data set"), anchor=False)
st.markdown(
    _(
        "MNIST: 70,000 handwritten digits, grey pictures of 28 × 28 pixels, each with the digit that its writer meant. "
        "Look at many of them, then follow one on its way to the network."
    )
)

part = controls.choice("data_part", _("Show"), names=DATA_PARTS)
match part:
    case "samples":
        dataset.samples()
    case "arrays":
        dataset.arrays()
    case "prepare":
        prepare.show()
    case "batches":
        batches.show()
    case "average":
        averages.show()
