"""The script that gives the probabilities on the page."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.network.presets import one_of_each
from core.scripts.layers import as_code
from ui.shared import digit, state
from ui.shared.networks import NEWEST, Chosen

_END = """\
probabilities = model.predict(x)[0]
for digit in np.argsort(-probabilities)[:3]:
    print(digit, f"{probabilities[digit]:.4%}")"""


def show(wanted: Chosen, image: np.ndarray) -> None:
    """For the picture (28, 28) in [0, 1] that the first network read; the picture itself is in the script."""
    st.subheader("The same in Keras", anchor=False)
    if wanted.run is None:
        load = 'model = tf.keras.models.load_model("assets/basic_cnn.keras", compile=False)'
    else:
        epoch = "" if wanted.epoch == NEWEST else wanted.epoch
        load = (
            "from core import runs  # run this in the project's folder\n\n"
            f'model = runs.find("{wanted.key}").model({epoch})'
        )
    st.code(f"{_start(image)}\n\n{load}\n{_END}", language="python")


def _start(image: np.ndarray) -> str:
    """Imports, `image` and `x`, as the layer pages write them."""
    if state.get("pred_source") == "sample":
        sample = digit.current()
        code = as_code(one_of_each(), "conv2d", sample.split, sample.index)
    else:
        code = digit.with_pixels(
            as_code(one_of_each(), "conv2d", digit.DRAWN, 0), np.rint(image * 255).astype(np.uint8)
        )
    return code.split("\n\nlayer = ")[0]
