"""The map of the walk in the sidebar: every stage and the shape it gives, in one line of text."""

from __future__ import annotations

import streamlit as st

from core.network.network import INPUT_SHAPE, Network


def show(walk: Network, here: str) -> None:
    """here: the key of the page on screen; its stage is set in bold."""
    parts = [_shape(INPUT_SHAPE)]
    for stop in walk.trace():
        title = f"**{stop.spec.title}**" if stop.name == here else stop.spec.title
        parts.append(f"{title} {_shape(stop.output_shape)}" if stop.output_shape else f":red[{title} does not fit]")
    st.caption(" → ".join(parts))


def _shape(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))
