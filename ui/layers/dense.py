"""Dense on its page: one unit's sum taken apart, the weight matrix, and what ten output units answer."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import streamlit as st

from core.layers import steps
from core.layers.kinds import Dense
from core.network.activations import LayerResult
from ui.components.class_bars import class_bars
from ui.layers import sections
from ui.layers.current import View
from ui.layers.face import Face, Knob
from ui.shared import charts, controls, digit, pictures, state, text, theme
from viz import bars, palette, walls
from words import N_, _

_RANKED = 8
_WIDEST, _HIGHEST = 800, 96  # pixels of the weight matrix


def _picture(view: View) -> None:
    if view.result.outputs.ndim == 3:
        st.markdown(_("On maps Keras applies a Dense layer to the channels of every pixel, like a 1 × 1 convolution."))
        sections.maps(view.result)
    else:
        _unit_sum(view.result, view.maps_shape)


@st.fragment
def _unit_sum(result: LayerResult, maps_shape: tuple[int, ...] | None) -> None:
    """The chosen unit: ranked input × weight, the sum, and where in the maps the pushes come from.

    maps_shape: (height, width, channels) where the input was flattened from maps, else None.
    """
    units = result.outputs.size
    unit = controls.number("dense_unit", _("Unit (0 to {last})", last=units - 1), high=units - 1)
    kernel, *bias = result.weights
    step = steps.dense(result.inputs, kernel, bias[0] if bias else None, unit)
    charts.show(bars.units(result.outputs, unit), key="dense_units_chart")
    _weight_matrix(result)
    st.markdown(_sum_line(step, result, unit))
    chart, picture = st.columns([3, 2])
    with chart:
        st.markdown(_("**Strongest pushes on unit {unit}**", unit=unit))
        charts.show(_ranking(step, result, unit, maps_shape), key="dense_ranking")
    if maps_shape:
        with picture:
            _places(step, unit, maps_shape)


def _places(step: steps.DenseStep, unit: int, maps_shape: tuple[int, ...]) -> None:
    st.markdown(_("**Where they come from**"))
    pushes = step.products.reshape(maps_shape).sum(axis=2)
    span = palette.symmetric(pushes, "pushes")
    image = palette.colourise(pushes, span, "activations", theme.kind())
    pictures.show(
        walls.picture(image, max(1, 224 // max(pushes.shape))),
        alt=_("Input times weight of unit {unit}, added up over the channels at each place of the maps", unit=unit),
    )
    st.caption(
        _(
            "input × weight, added up over {channels} channels. {colours}: orange pushes the unit up, blue pushes it "
            "down. r, c, ch: row, column, channel before Flatten.",
            channels=maps_shape[2],
            colours=text.colours(span.low, span.high),
        )
    )


def _sum_line(step: steps.DenseStep, result: LayerResult, unit: int) -> str:
    products = step.total - step.bias
    bent = "" if result.spec.activation == "linear" else f"{result.spec.activation} → "
    return _(
        "Sum of {count:,} products `{products:.5g}` + bias `{bias:.4g}` = `{total:.5g}`, {bent}Keras gives "
        "**`{output:.5g}`**",
        count=len(step.products),
        products=products,
        bias=step.bias,
        total=step.total,
        bent=bent,
        output=result.outputs[unit],
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
        return _("unit {position}", position=position)
    row, column, channel = steps.unflat_position(maps_shape, position)
    return _("r{row} c{column} ch{channel}", row=row, column=column, channel=channel)


def _below(view: View) -> None:
    if sections.is_answer(view.stage, view.network):
        _answer(view)


def _weight_matrix(result: LayerResult) -> None:
    """All weights of the layer: a line for each unit, a column for each input."""
    kernel = result.weights[0].T
    every = math.ceil(kernel.shape[1] / _WIDEST)
    shown = kernel[:, ::every]
    span = palette.symmetric(kernel, "kernel")
    image = palette.colourise(shown, span, "weights", theme.kind())
    height = max(1, min(6, _HIGHEST // shown.shape[0]))
    pictures.show(
        walls.picture(np.repeat(image, height, axis=0), 1),
        width="stretch",
        alt=_("The {inputs} × {units} weight matrix", inputs=kernel.shape[1], units=kernel.shape[0]),
    )
    values = {"units": kernel.shape[0], "inputs": kernel.shape[1]}
    if every == 1:
        said = _(
            "The weight matrix: a line for each of {units} units, a column for every input of {inputs:,}.", **values
        )
    else:
        said = _(
            "The weight matrix: a line for each of {units} units, a column for every {ordinal} input of {inputs:,}.",
            ordinal=text.ordinal(every),
            **values,
        )
    st.caption(f"{said} {text.colours(span.low, span.high, 'purple', 'green')}.")


def _answer(view: View) -> None:
    """The ten units at the end of a network: what they say of the digit, and why their activation is softmax."""
    st.header(_("Ten units, one for each digit"), anchor=False)
    class_bars(view.result.outputs, "dense_classes", digit.current().label)
    st.markdown(_verdict(view))
    if any(stage.spec != stage.spec.at_rest() for stage in view.network.trace()):
        st.caption(
            _(
                "It receives what Dropout gives outside of training: all {count} values, none dropped. `predict` and "
                "`evaluate` do the same: an answer must not depend on a random mask, so the seed of the Dropout page "
                "changes nothing here.",
                count=text.shape(view.stage.input_shape),
            )
        )


def _verdict(view: View) -> str:
    outputs = view.result.outputs
    total = _("The ten values add up to `{sum:.6g}`.", sum=outputs.sum(dtype=np.float64))
    return f"{total} {_what_they_are(view, outputs)}"


def _what_they_are(view: View, outputs: np.ndarray) -> str:
    match view.stage.spec.activation:
        case "softmax" if view.chosen.trained:
            return _("That makes them probabilities.")
        case "softmax":
            return _("That makes them probabilities. These weights are random, so they are a guess, not an answer.")
        case "relu":
            return _(
                "ReLU set {zeros} of 10 to exactly 0: those digits have no probability and no gradient to learn from. "
                "An output layer for classes uses softmax.",
                zeros=(outputs == 0).sum(),
            )
        case "sigmoid":
            return _("Sigmoid answers ten separate yes-or-no questions; for exactly one digit use softmax.")
    return _("These are logits: any number, larger is more likely. Softmax turns them into probabilities.")


FACE = Face(
    kind=Dense,
    prefix="dense",
    icon=":material/hub:",
    colour=palette.KINDS["units"],
    intro=N_(
        "Each unit multiplies every input with a weight of its own, adds everything up and adds its bias. Pick a "
        "unit to see which inputs push it up and which push it down."
    ),
    says=N_("weighs every input"),
    picture=_picture,
    below=_below,
    basic=(
        Knob("units", N_("Units"), low=1, high=128),
        Knob("activation", N_("Activation")),
        Knob("use_bias", N_("Bias")),
    ),
    more=(
        Knob("bias", N_("Bias value"), sections.BIAS_HELP, low=-1.0, high=1.0, step=0.05, when=sections.has_bias),
        Knob("kernel_initializer", N_("Initializer"), N_("How the first weights are drawn."), "initializer"),
        Knob("seed", N_("Seed"), N_("Same seed, same weights."), low=0, high=9999, box=True),
    ),
    finished=lambda layer: layer if layer.use_bias else replace(layer, bias=0.0),
    view=(state.integer("dense_unit", 0, 0, sections.MOST_UNITS - 1),),
)
