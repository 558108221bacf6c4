"""The explorer alone, over layers that the pages may not have: each a case with a page of its own."""

import sys
from pathlib import Path

import numpy as np
import streamlit as st

if (root := str(Path(__file__).parents[3])) not in sys.path:
    sys.path.insert(0, root)

from core.layers.kinds import Activation, Conv2D, DepthwiseConv2D, Pooling
from core.network import activations
from ui.components.explorer import explorer
from ui.shared import state

if "toy_map" not in state.PARAMS:
    state.declare(*(state.integer(f"toy_{part}", 0, 0, 511) for part in ("map", "channel", "row", "col")))

CASES = {
    "same": (Conv2D(2), (28, 28, 1)),
    "stride": (Conv2D(2, strides=(2, 2)), (28, 28, 1)),
    "tall": (Conv2D(2, (28, 3), padding="valid"), (28, 28, 1)),
    "tiny": (Pooling("max", (7, 7), (7, 7)), (7, 7, 3)),
    "depthwise": (DepthwiseConv2D((3, 2), padding="valid", depth_multiplier=2, activation="tanh"), (9, 8, 3)),
    "many": (Conv2D(160, padding="valid"), (6, 5, 160)),
    "softmax": (Activation("softmax"), (6, 6, 4)),
}


@st.cache_resource
def result(case: str):
    spec, shape = CASES[case]
    values = np.random.default_rng(1).normal(size=shape).astype(np.float32)
    if shape == (28, 28, 1):  # a picture with a square in the middle
        values = np.zeros(shape, np.float32)
        values[10:18, 12:20] = 1
    return activations.run_layer(spec, values)


def page(case: str):
    def shown():
        st.title(case)
        state.sync(lambda keys: None)
        explorer(result(case), "toy", "layer", dimmed="dimmed" in st.query_params)

    return st.Page(shown, title=case, url_path=case)


def start():
    st.title("No case")


st.navigation([st.Page(start, default=True), *map(page, CASES)], position="hidden").run()
