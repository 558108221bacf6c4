"""Pooling on its page: what it kept, and the same window taken by maximum and by mean."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from core.layers import steps
from core.layers.kinds import Pooling
from core.network.activations import LayerResult
from ui.layers import sections
from ui.layers.current import View
from ui.layers.face import Face, Knob
from ui.shared import pictures, state, text, theme
from viz import palette, walls
from words import N_, _

_PADDING_HELP = N_(
    "`padding`: valid uses only windows that lie inside; same also those that reach beyond the border, and takes what "
    'of them is inside. Keras reads "SAME" as "same".'
)
_SIDE = 120  # pixels: two pictures side by side under the settings
_NAMES = {"max": N_("Maximum"), "average": N_("Average")}


def _picture(view: View) -> None:
    sections.explore(view, "pool")
    _kept(view.result)


def _kept(result: LayerResult) -> None:
    """How many numbers are left, and how many different input pixels the maxima came from."""
    count, left = result.inputs.size, result.outputs.size
    said = _("{count:,} numbers become {left:,} ({share:.0%}).", count=count, left=left, share=left / count)
    if result.spec.kind == "max":
        axes = result.spec.axes(result.inputs.shape)
        chosen = steps.winners(result.inputs, axes)
        different = sum(len(np.unique(chosen[..., channel])) for channel in range(chosen.shape[-1]))
        said += " " + _(
            "They come from {different:,} different input pixels; where several are equal, the first wins.",
            different=different,
        )
    st.markdown(said)


def _compare(view: View) -> None:
    """The chosen map pooled both ways, in the same colours."""
    both = {kind: view.with_layer(replace(view.result.spec, kind=kind)).outputs for kind in _NAMES}
    channel = min(state.get("pool_map"), view.result.outputs.shape[-1] - 1)
    # below zero the mean reaches further than the maximum
    span = palette.symmetric(np.stack([values[..., channel] for values in both.values()]), "both")
    with st.container(horizontal=True, gap="small"):
        for kind, name in _NAMES.items():
            values = both[kind][..., channel]
            image = palette.colourise(values, span, "activations", theme.kind())
            with st.container(width="content", gap="xsmall"):
                st.markdown(_("**{name}**, map {channel}", name=_(name), channel=channel))
                pictures.show(
                    walls.picture(image, max(1, _SIDE // max(values.shape))),
                    width=_SIDE,
                    alt=_("Map {channel}, pooled: {name}", channel=channel, name=_(name)),
                )
                numbers = {"mean": text.number(values.mean()), "maximum": text.number(values.max())}
                st.caption(_("mean {mean}  \nmax {maximum}", **numbers))
    st.caption(_("{colours}, in both pictures.", colours=text.colours(span.low, span.high)))


FACE = Face(
    kind=Pooling,
    prefix="pool",
    icon=":material/compress:",
    colour=palette.KINDS["windows"],
    intro=N_(
        "Max pooling keeps the strongest answer of each window and forgets where in the window it was: the maps "
        "shrink, the digit stays. With the maximum, the outlined input pixel is the one that won."
    ),
    says=N_("best of each window"),
    picture=_picture,
    aside=_compare,
    basic=(
        Knob("kind", N_("Keep"), names=_NAMES, options=tuple(_NAMES)),
        Knob(
            "pool_size", N_("Pool size"), N_("`pool_size`: the window in pixels. 2 is short for (2, 2)."), "size", 1, 8
        ),
        Knob("strides", N_("Strides"), N_("Keras uses the pool size where you give no strides."), low=1, high=8),
    ),
    more=(Knob("padding", N_("Padding"), _PADDING_HELP, names={"same": N_("Same"), "valid": N_("Valid")}),),
    view=sections.cell("pool", 4, 6),
)
