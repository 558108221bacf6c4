"""The view of one layer of a trained network, by its kind."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.layers import Activation, Dense, Dropout, Flatten
from core.network.activations import LayerResult
from core.network.network import Stage
from ui.layers import activation, dense, flatten, sections
from viz import bars
from viz.figures import CONFIG


def view(layer: Stage, result: LayerResult, maps_shape: tuple[int, ...] | None, label: int | None) -> None:
    """What `layer` made of the digit; maps_shape: (height, width, channels) where its input was flattened from maps,
    else None; label: the digit's, None for a drawing."""
    match layer.spec:
        case Flatten():
            flatten.lookup(result)
        case Dense():
            _unit(result, maps_shape)
            dense.weight_matrix(result)
        case Activation("softmax"):
            _softmax(result, label)
        case _ if result.outputs.ndim == 3:
            _maps(result)
        case _:
            _vector(result)


def _maps(result: LayerResult) -> None:
    if isinstance(result.spec, Dropout):
        st.markdown(_dropout(result))
    sections.explore(result, "look")
    if isinstance(result.spec, Activation):
        activation.dead_maps(result)


def _vector(result: LayerResult) -> None:
    if isinstance(result.spec, Dropout):
        st.markdown(_dropout(result))
    else:
        zeros = int((result.outputs == 0).sum())
        st.markdown(
            f"{result.spec.activation} on every one of {result.outputs.size} units: {zeros} of them are exactly 0 for "
            f"this digit, {result.outputs.size - zeros} pass a value on."
        )
    st.plotly_chart(bars.before_after(result.inputs, result.outputs), config=CONFIG, key="look_before_after")


def _dropout(result: LayerResult) -> str:
    changed = int((result.inputs != result.outputs).sum())
    return (
        f"At prediction time Dropout does nothing: {changed} of {result.inputs.size:,} values differ between its input "
        f"and its output. While training it sets {result.spec.rate:.0%} of them to 0, others in every step, and "
        f"multiplies the rest by `{1 / (1 - result.spec.rate):.4g}`."
    )


def _softmax(result: LayerResult, label: int | None) -> None:
    """Logits and the probabilities made of them."""
    st.markdown(
        "Softmax raises e to each of the ten numbers and divides by their sum: the largest wins, and all add up to "
        f"`{result.outputs.sum(dtype=np.float64):.6g}`."
    )
    st.markdown("**In: the sums of the ten output units**")
    st.plotly_chart(bars.classes(result.inputs, label), config=CONFIG, key="look_logits")
    st.markdown("**Out: ten probabilities**")
    st.plotly_chart(bars.classes(result.outputs, label), config=CONFIG, key="look_softmax")


@st.fragment
def _unit(result: LayerResult, maps_shape: tuple[int, ...] | None) -> None:
    dense.unit_sum(result, maps_shape, "look_unit")
