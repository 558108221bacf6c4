"""The map of the network in the sidebar: every layer and the shape that it gives, in one line of text."""

from __future__ import annotations

import streamlit as st

from core.layers.layer import Layer
from core.network.network import INPUT_SHAPE
from ui.layers import current, faces
from ui.shared import navigation, networks
from words import _


def show(page: str) -> None:
    """Of the chosen network. page: the key of the page on screen; the layer that it shows is set in bold."""
    chosen = networks.chosen()
    network = chosen.network
    kinds = [type(layer) for _name, layer in network]
    here = None
    if page in navigation.SECTIONS["Layers"]:
        shown = current.place(faces.of_page(page).kind, chosen)
        here = None if shown.added else shown.name
    parts = [_shape(INPUT_SHAPE)]
    for stage in network.trace():
        title = _title(stage.name, stage.spec, kinds)
        title = f"**{title}**" if stage.name == here else title
        fits = f"{title} {_shape(stage.output_shape)}" if stage.output_shape else ""
        parts.append(fits or _(":red[{title} does not fit]", title=title))
    st.caption(" → ".join(parts))


def _title(name: str, layer: Layer, kinds: list[type[Layer]]) -> str:
    """What people call it, or its own name where there are several of its kind."""
    return layer.title if kinds.count(type(layer)) == 1 else name.replace("_", "\\_")


def _shape(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))
