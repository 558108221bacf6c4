"""BatchNormalization on its page: one value normalised step by step, and what the layer has collected."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.layers.batch_normalization import BatchNormalization, moved_statistics, normalization
from core.network.activations import LayerResult
from ui.layers import sections
from ui.layers.current import View
from ui.layers.face import Face, Knob
from ui.shared import controls, state, tables, text
from viz import palette
from words import N_, _

_SHOWN = 12


def _seen(layer: BatchNormalization, get: state.Get) -> BatchNormalization:
    """The network keeps its settings; whether it trains is a matter of the view."""
    return replace(layer, training=get("norm_training"))


def _view_controls(layer: BatchNormalization) -> None:
    controls.flag(
        "norm_training",
        _("Training"),
        help=_(
            "`layer(x, training=True)`: mean and variance are those of the batch, here of this one image's pixels. "
            "`predict` and `evaluate` use False: the moving statistics."
        ),
    )


def _picture(view: View) -> None:
    result = view.result
    if result.outputs.ndim == 3:
        sections.explore(view, "norm")
    else:
        sections.before_after(result)
    _one_value(result)


def _one_value(result: LayerResult) -> None:
    """The chosen cell, or the first unit, through the formula."""
    cell = (0,)
    if result.outputs.ndim == 3:
        wanted = (state.get("norm_row"), state.get("norm_col"), state.get("norm_map"))
        cell = tuple(min(at, size - 1) for at, size in zip(wanted, result.outputs.shape, strict=True))
    step = normalization(result.spec, result.inputs, result.weights, cell)
    st.markdown(
        _(
            "Channel {channel}, value `{value:.5g}`: minus {which_mean} `{mean:.5g}`, divided by "
            "√({variance:.5g} + {epsilon:g}) = `{deviation:.5g}`, gives `{normalized:.5g}`; "
            "· gamma `{gamma:.5g}` + beta `{beta:.5g}` = **`{total:.5g}`**, Keras gives `{output:.5g}`.",
            **vars(step),
            channel=cell[-1],
            which_mean=_("this image's mean") if result.spec.training else _("the moving mean"),
            epsilon=result.spec.epsilon,
            output=result.outputs[cell],
        )
    )


def _below(view: View) -> None:
    """The numbers of each channel, before and after one call with this image."""
    result = view.result
    names = result.spec.weight_names(result.inputs.shape)
    moved = moved_statistics(result.spec, result.inputs, result.weights)
    st.header(_("Learned and collected"), anchor=False)
    every = result.inputs.shape[-1]
    channels = min(_SHOWN, every)
    rows = [
        (f"`{name}`", *(text.number(float(value)) for value in array[:channels]))
        for name, array in zip(names, result.weights, strict=True)
    ]
    if result.spec.training:
        rows += [
            (_("`{name}` after this call", name=name), *(text.number(float(value)) for value in array[:channels]))
            for name, array in zip(("moving_mean", "moving_variance"), moved, strict=True)
        ]
    st.markdown(tables.markdown((_("channel"), *(str(channel) for channel in range(channels))), rows))
    said = _(
        "gamma and beta are learned by the optimizer, like weights. The moving statistics are not: each batch of a "
        "training moves them by 1 − momentum = {share:g} of the way to its own mean and variance.",
        share=1 - result.spec.momentum,
    )
    if channels < every:
        said += " " + _("Here are the first {shown} of {every} channels.", shown=channels, every=every)
    st.caption(said)


FACE = Face(
    kind=BatchNormalization,
    prefix="norm",
    icon=":material/balance:",
    colour=palette.KINDS["scale"],
    intro=N_(
        "Every channel is moved and stretched so that its values have mean 0 and variance 1, then to what gamma and "
        "beta say. Layers behind it always get numbers of the same size, so larger steps are safe. Switch Training on "
        "and off: mean and variance come from this image, or from all images of the training before."
    ),
    says=N_("mean 0, variance 1"),
    picture=_picture,
    below=_below,
    basic=(
        Knob("center", N_("Beta"), N_("`center`: whether a number is added to each channel, learned.")),
        Knob("scale", N_("Gamma"), N_("`scale`: whether each channel is multiplied with a number, learned.")),
        Knob("momentum", N_("Momentum"), N_("The share of the moving statistics that a batch leaves as it was."),
            low=0.0, high=1.0, step=0.01),
    ),
    more=(
        Knob("epsilon", N_("Epsilon"), N_("Added to the variance, so that a channel of one value can be divided."),
            low=0.001, high=1.0, step=0.001),
    ),
    view=(*sections.cell("norm", 8, 12), state.flag("norm_training", True)),
    view_controls=_view_controls,
    seen=_seen,
)  # fmt: skip
