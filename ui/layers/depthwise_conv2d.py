"""DepthwiseConv2D on its page: a kernel of its own for each input map, and nothing is added up over maps."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.layers.kinds import Conv2D, DepthwiseConv2D
from core.network.network import Stage
from ui.layers import convolution, sections
from ui.layers.current import View
from ui.layers.face import Face, Knob
from ui.shared import state
from viz import palette
from words import N_, _


def _picture(view: View) -> None:
    sections.explore(view, "depth")
    _what_it_saves(view.stage)


def _what_it_saves(stage: Stage) -> None:
    """What the chosen map reads, and the parameters beside those of a Conv2D that gives as many maps."""
    channels, maps, layer = stage.input_shape[-1], stage.output_shape[-1], stage.spec
    chosen = min(state.get("depth_map"), maps - 1)
    full = Conv2D(maps, layer.kernel_size, use_bias=layer.use_bias).parameters(stage.input_shape)
    st.markdown(
        _(
            "Output map {chosen} reads input map {channel} and no other. {parameters:,} parameters; a Conv2D that "
            "gives {maps} maps has {full:,}.",
            chosen=chosen,
            channel=layer.cell().channel_of(chosen, channels, maps),
            parameters=stage.parameters,
            maps=maps,
            full=full,
        )
    )


FACE = Face(
    kind=DepthwiseConv2D,
    prefix="depth",
    icon=":material/stacks:",
    colour=palette.KINDS["a kernel a channel"],
    intro=N_(
        "Each input map has one kernel of its own; products are added up within the window, never over the maps. It "
        "looks for patterns as Conv2D does, at a fraction of the weights; a 1 × 1 convolution behind it mixes the maps."
    ),
    says=N_("one kernel for each map"),
    picture=_picture,
    basic=(
        convolution.kernel_size(),
        convolution.STRIDES,
        Knob("depth_multiplier", N_("Kernels for each map"), N_("`depth_multiplier`: each gives a map."), low=1,
            high=4),
    ),
    more=(
        *convolution.MORE,
        Knob("activation", N_("Activation"), N_("Bends every value of the output.")),
        Knob("depthwise_initializer", N_("Initializer"), N_("How the first weights are drawn."), "initializer"),
        Knob("seed", N_("Seed"), N_("Same seed, same kernels."), low=0, high=9999, box=True),
    ),
    finished=lambda layer: layer if layer.use_bias else replace(layer, bias=0.0),
    view=(*sections.cell("depth", 8, 12),),
)  # fmt: skip
