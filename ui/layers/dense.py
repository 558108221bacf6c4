"""One unit's sum taken apart, the weight matrix, and the ten output units."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st

from core.layers import steps
from core.network.activations import LayerResult
from ui.layers import sections, settings
from ui.shared import controls, digit, first_answer, pictures, text, theme
from viz import bars, palette, walls
from viz.figures import CONFIG

_RANKED = 8
_WIDEST = 1200


def unit_sum(result: LayerResult, maps_shape: tuple[int, ...] | None, key: str = "dense_unit") -> None:
    """The chosen unit: ranked input × weight, the sum, and where in the maps the pushes come from.

    maps_shape: (height, width, channels) where the input was flattened from maps, else None. key: the setting that
    holds the unit.
    """
    units = result.outputs.size
    unit = controls.number(key, f"Unit (0 to {units - 1})", high=units - 1)
    kernel, *bias = result.weights
    step = steps.dense(result.inputs, kernel, bias[0] if bias else None, unit)
    st.plotly_chart(bars.units(result.outputs, unit), config=CONFIG, key=f"{key}s_chart")
    st.markdown(_sum_line(step, result, unit))
    chart, picture = st.columns([3, 2])
    with chart:
        st.markdown(f"**Strongest pushes on unit {unit}**")
        st.plotly_chart(_ranking(step, result, unit, maps_shape), config=CONFIG, key=f"{key}_ranking")
    if maps_shape:
        with picture:
            _places(step, unit, maps_shape)
    first_answer.now()


def _places(step: steps.DenseStep, unit: int, maps_shape: tuple[int, ...]) -> None:
    st.markdown("**Where they come from**")
    pushes = step.products.reshape(maps_shape).sum(axis=2)
    span = palette.symmetric(pushes, "pushes")
    image = palette.colourise(pushes, span, "activations", theme.kind())
    pictures.show(
        walls.picture(image, max(1, 224 // max(pushes.shape))),
        alt=f"Input times weight of unit {unit}, added up over the channels at each place of the maps",
    )
    st.caption(
        f"input × weight, added up over {maps_shape[2]} channels. {text.colours(span.low, span.high)}: "
        "orange pushes the unit up, blue pushes it down. r, c, ch: row, column, channel before Flatten."
    )


def _sum_line(step: steps.DenseStep, result: LayerResult, unit: int) -> str:
    products = step.total - step.bias
    bent = "" if result.spec.activation == "linear" else f"{result.spec.activation} → "
    return (
        f"Sum of {len(step.products):,} products `{products:.5g}` + bias `{step.bias:.4g}` = `{step.total:.5g}`, "
        f"{bent}Keras gives **`{result.outputs[unit]:.5g}`**"
    )


def _ranking(step: steps.DenseStep, result: LayerResult, unit: int, maps_shape: tuple[int, ...] | None):
    weights = result.weights[0][:, unit]
    most = min(_RANKED, len(step.ranked) // 2)
    picked = [*step.ranked[:most], *step.ranked[len(step.ranked) - most :]] if most else list(step.ranked)
    labels, details = [], []
    for position in map(int, picked):
        labels.append(_place(position, maps_shape))
        details.append(f"{result.inputs[position]:.4g} × {weights[position]:.4g} = {step.products[position]:.4g}")
    return bars.contributions(labels, step.products[picked], details)


def _place(position: int, maps_shape: tuple[int, ...] | None) -> str:
    if maps_shape is None:
        return f"unit {position}"
    row, column, channel = steps.unflat_position(maps_shape, position)
    return f"r{row} c{column} ch{channel}"


def weight_matrix(result: LayerResult) -> None:
    """All weights of the layer: a line for each unit, a column for each input."""
    kernel = result.weights[0].T
    every = math.ceil(kernel.shape[1] / _WIDEST)
    shown = kernel[:, ::every]
    span = palette.symmetric(kernel, "kernel")
    image = palette.colourise(shown, span, "weights", theme.kind())
    st.subheader("Weight matrix", anchor=False)
    height = max(1, min(6, 192 // shown.shape[0]))
    pictures.show(
        walls.picture(np.repeat(image, height, axis=0), 1),
        width="stretch",
        alt=f"The {kernel.shape[1]} × {kernel.shape[0]} weight matrix",
    )
    which = "every input" if every == 1 else f"every {text.ordinal(every)} input"
    st.caption(
        f"A line for each of {kernel.shape[0]} units, a column for {which} of {kernel.shape[1]:,}. "
        f"{text.colours(span.low, span.high, 'purple', 'green')}."
    )


def output_layer() -> None:
    """The ten units behind Dropout, still untrained, and why their activation is softmax."""
    stop = sections.stop_of("output")
    sample = digit.current()
    st.subheader("The last Dense: ten units, one for each digit", anchor=False)
    left, right = st.columns([1, 2], gap="medium")
    with left:
        name = controls.choice("out_activation", "Output activation")
        controls.number("out_seed", "Output seed")
        st.caption(
            f"It receives what Dropout gives outside of training: all {text.shape(stop.input_shape)} values, none "
            "dropped. `predict` and `evaluate` do the same: an answer must not depend on a random mask, so the seed of "
            "the next page changes nothing here."
        )
    result = sections.compute(settings.walk().upto("output"))
    with right:
        st.plotly_chart(bars.classes(result.outputs, sample.label), config=CONFIG, key="dense_classes")
        st.markdown(_verdict(name, result.outputs))


def _verdict(name: str, outputs: np.ndarray) -> str:
    total = f"The ten values add up to `{outputs.sum(dtype=np.float64):.6g}`. "
    match name:
        case "softmax":
            return (
                total + "That makes them probabilities. These weights are random, so they are a guess, not an answer."
            )
        case "relu":
            return total + (
                f"ReLU set {(outputs == 0).sum()} of 10 to exactly 0: those digits have no probability and no gradient "
                "to learn from. An output layer for classes uses softmax."
            )
        case "sigmoid":
            return total + "Sigmoid answers ten separate yes-or-no questions; for exactly one digit use softmax."
    return total + "These are logits: any number, larger is more likely. Softmax turns them into probabilities."
