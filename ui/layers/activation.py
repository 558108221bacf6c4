"""Activation on its page: the curve with this input's values on it, the maps that died; softmax over ten values."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.layers.kinds import Activation
from core.network.activations import LayerResult
from core.tensors import statistics
from ui.components.class_bars import class_bars
from ui.layers import cached, sections
from ui.layers.current import View
from ui.layers.face import Face, Knob
from ui.shared import charts, digit
from viz import curves, palette
from words import N_, _


def _of_all_together(result: LayerResult) -> bool:
    """Softmax gives each value a share of all of them, where the other functions bend each by itself."""
    return result.spec.activation == "softmax"


def _picture(view: View) -> None:
    result = view.result
    if result.outputs.ndim == 3 and not _of_all_together(result):
        sections.explore(view, "act")
        _dead_maps(result)
    elif result.outputs.ndim == 3:
        sections.maps(result)
    elif _of_all_together(result):
        _softmax(result)
    else:
        zeros = int((result.outputs == 0).sum())
        st.markdown(
            _(
                "{activation} on every one of {units} units: {zeros} of them are exactly 0 for this digit, {others} "
                "pass a value on.",
                activation=result.spec.activation,
                units=result.outputs.size,
                zeros=zeros,
                others=result.outputs.size - zeros,
            )
        )
        sections.before_after(result)


def _softmax(result: LayerResult) -> None:
    """Logits and the probabilities made of them."""
    label = digit.current().label
    st.markdown(
        _(
            "Softmax raises e to each of the numbers and divides by their sum: the largest wins, and all add up to "
            "`{sum:.6g}`.",
            sum=result.outputs.sum(dtype=np.float64),
        )
    )
    if result.outputs.size != 10:
        sections.before_after(result)
        return
    st.markdown(_("**In: the sums of the ten output units**"))
    class_bars(result.inputs, "act_logits", label)
    st.markdown(_("**Out: ten probabilities**"))
    class_bars(result.outputs, "act_softmax", label)


def _aside(view: View) -> None:
    if _of_all_together(view.result):
        st.caption(_("Softmax has no curve: each of its values depends on all the others."))
        return
    _curve(view.result)
    _other_ways(view.result.spec)


def _curve(result: LayerResult) -> None:
    """Both come from Keras: the line from evenly spaced values, the points from the real ones."""
    points = statistics.spread_pairs(result.inputs, result.outputs)
    low, high = min(float(points[0][0]), -1.0), max(float(points[0][-1]), 1.0)
    line = cached.activation_curve(result.spec, round(low, 2), round(high, 2))
    charts.show(curves.activation(*line, *points, result.spec.activation), key="activation_curve")
    st.caption(
        _(
            "{shown} of this input's {count:,} values, evenly spread from least to greatest.",
            shown=len(points[0]),
            count=result.inputs.size,
        )
    )


def _other_ways(spec: Activation) -> None:
    """The same function in the other two forms that code has for it."""
    if spec.has_parameter:
        return
    st.caption(
        _(
            'The same by its name: `Activation("{name}")`; as an argument of the layer before: '
            '`Conv2D(…, activation="{name}")`.',
            name=spec.activation,
        )
    )


def _dead_maps(result: LayerResult) -> None:
    """Which maps are zero everywhere after this activation."""
    dead = result.dead_maps
    names = ", ".join(map(str, dead.nonzero()[0]))
    if dead.any():
        st.markdown(
            _(
                "**{dead} of {maps} maps died**: map {names}. Every value is 0, so nothing behind them sees anything "
                "of this digit there.",
                dead=dead.sum(),
                maps=dead.size,
                names=names,
            )
        )
    else:
        st.markdown(_("**No map died**: each of the {maps} has values other than 0.", maps=dead.size))


FACE = Face(
    kind=Activation,
    prefix="act",
    icon=":material/show_chart:",
    colour=palette.KINDS["values"],
    intro=N_(
        "An activation bends every value by the same curve. Without one, two convolutions in a row could do no more "
        "than a single convolution. Look at which values it lets through and which maps it silences."
    ),
    says=N_("bends every value"),
    picture=_picture,
    aside=_aside,
    basic=(
        Knob("activation", N_("Function"), name="name"),
        Knob("negative_slope", N_("Negative slope"), N_("Keras: `negative_slope`."), "slope", 0.0, 1.0, 0.05,
            when=lambda layer: layer.activation == "leaky_relu"),
        Knob("alpha", N_("Alpha"), N_("How far below zero the curve levels off."), "alpha", 0.1, 3.0, 0.1,
            when=lambda layer: layer.activation == "elu"),
    ),
    # parameters that the chosen function does not have keep their default, so that caches are shared
    finished=lambda layer: layer.plain(),
    view=sections.cell("act", 8, 12),
)  # fmt: skip
