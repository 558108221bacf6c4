"""The view of one layer of a trained network, by its kind."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core import steps
from core.layers import ActivationSpec, DenseSpec, DropoutSpec, FlattenSpec
from core.network import NamedLayer
from core.pipeline import LayerResult
from ui import controls, sections, text, theme
from ui.panels import activation, dense, flatten
from viz import bars, palette, walls
from viz.figures import CONFIG

_RANKED = 8


def view(layer: NamedLayer, result: LayerResult, maps_shape: tuple[int, ...] | None, label: int) -> None:
    """What `layer` made of the digit; maps_shape: (height, width, channels) where its input was flattened from maps,
    else None; label: the digit's."""
    match layer.spec:
        case FlattenSpec():
            flatten.lookup(result)
        case DenseSpec():
            _unit(result, maps_shape)
            dense.weight_matrix(result)
        case ActivationSpec("softmax"):
            _softmax(result, label)
        case _ if result.outputs.ndim == 3:
            _maps(result)
        case _:
            _vector(result)


def _maps(result: LayerResult) -> None:
    if isinstance(result.spec, DropoutSpec):
        st.markdown(_dropout(result))
    sections.explore(result, "look")
    if isinstance(result.spec, ActivationSpec):
        activation.dead_maps(result)


def _vector(result: LayerResult) -> None:
    if isinstance(result.spec, DropoutSpec):
        st.markdown(_dropout(result))
    else:
        zeros = int((result.outputs == 0).sum())
        st.markdown(
            f"{result.spec.name} on every one of {result.outputs.size} units: {zeros} of them are exactly 0 for this "
            f"digit, {result.outputs.size - zeros} pass a value on."
        )
    st.plotly_chart(bars.before_after(result.inputs, result.outputs), config=CONFIG, key="look_before_after")


def _dropout(result: LayerResult) -> str:
    changed = int((result.inputs != result.outputs).sum())
    return (
        f"At prediction time Dropout does nothing: {changed} of {result.inputs.size:,} values differ between its input "
        f"and its output. While training it sets {result.spec.rate:.0%} of them to 0, others in every step, and "
        f"multiplies the rest by `{1 / (1 - result.spec.rate):.4g}`."
    )


def _softmax(result: LayerResult, label: int) -> None:
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
    """One unit taken apart: its sum, its strongest pushes, and where in the maps they come from."""
    units = result.outputs.size
    unit = controls.number("look_unit", f"Unit (0 to {units - 1})", high=units - 1)
    kernel, bias = result.weights
    step = steps.dense(result.inputs, kernel, bias, unit)
    st.plotly_chart(bars.units(result.outputs, unit), config=CONFIG, key="look_units")
    st.markdown(
        f"Sum of {len(step.products):,} products `{step.total - step.bias:.5g}` + bias `{step.bias:.4g}` = "
        f"`{step.total:.5g}`; Keras gives **`{result.outputs[unit]:.5g}`**"
    )
    chart, picture = st.columns([3, 2], gap="medium")
    with chart:
        st.markdown(f"**Strongest pushes on unit {unit}**")
        st.plotly_chart(_ranking(step, result, unit, maps_shape), config=CONFIG, key="look_ranking")
    if maps_shape:
        with picture:
            _places(step, unit, maps_shape)


def _ranking(step: steps.DenseStep, result: LayerResult, unit: int, maps_shape: tuple[int, ...] | None):
    most = min(_RANKED, len(step.ranked) // 2)
    picked = [*step.ranked[:most], *step.ranked[len(step.ranked) - most :]] if most else list(step.ranked)
    labels, details = [], []
    for position in map(int, picked):
        weight = result.weights[0][position, unit]
        labels.append(_place(position, maps_shape))
        details.append(f"{result.inputs[position]:.4g} × {weight:.4g} = {step.products[position]:.4g}")
    return bars.contributions(labels, step.products[picked], details)


def _place(position: int, maps_shape: tuple[int, ...] | None) -> str:
    if maps_shape is None:
        return f"unit {position}"
    row, column, channel = steps.unflat_position(maps_shape, position)
    return f"r{row} c{column} ch{channel}"


def _places(step: steps.DenseStep, unit: int, maps_shape: tuple[int, ...]) -> None:
    pushes = step.products.reshape(maps_shape).sum(axis=2)
    span = palette.symmetric(pushes, "pushes")
    image = palette.colourise(pushes, span, "activations", theme.kind())
    st.markdown("**Where they come from**")
    st.image(
        walls.picture(image, max(1, 224 // max(pushes.shape))),
        alt=f"Input times weight of unit {unit}, added up over the channels at each place of the maps",
    )
    st.caption(
        f"input × weight, added up over {maps_shape[2]} channels. {text.colours(span.low, span.high)}: orange pushes "
        "the unit up, blue pushes it down. r, c, ch: row, column, channel before Flatten."
    )
