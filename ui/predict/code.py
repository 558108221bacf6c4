"""The script that gives the probabilities on the page."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.scripts import parts, predict
from ui.shared import digit, networks, source_code, state
from ui.shared.networks import Chosen
from words import _


def show(wanted: Chosen, image: np.ndarray) -> None:
    """For the picture (28, 28) in [0, 1] that the first network read; the picture itself is in the script."""
    st.header(_("The same in Keras"), anchor=False)
    if state.get("pred_source") == digit.MNIST_SOURCE:
        read = digit.in_code(digit.current())
    else:
        read = parts.packed_image(np.rint(image * 255).astype(np.uint8))
    source_code.python(predict.as_code(read, networks.in_code(wanted)))
