"""The walk as a strip of thumbnails, each a link to its page."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.pipeline import INPUT_SHAPE, Stop
from ui import digit, navigation, pictures, sections, settings, state, text, theme, warmup
from viz import walls

_SIDE = 132  # pixels: the width of a thumbnail; two cards fit side by side on a phone
_SAYS = {
    "conv2d": "one map for each kernel",
    "activation": "bends every value",
    "pooling": "best of each window",
    "flatten": "one long row",
    "dense": "weighs every input",
    "dropout": "drops some at random",
    "output": "one value for each digit",
}


def walk() -> None:
    """One card a stage. Until TensorFlow has loaded, the digit and the shapes are there and pictures follow."""
    if problem := settings.walk_problem():
        st.error(problem)
    _cards()
    if not warmup.ready():
        warmup.wait_for_tensorflow()


def _cards() -> None:
    sample = digit.current()
    with st.container(horizontal=True, gap="small"):
        with _card():
            st.markdown("**Input**")
            pictures.show(
                walls.picture(sample.image, _SIDE // 28 + 1),
                width=_SIDE,
                alt=f"The digit, a {digit.noun(sample)}",
            )
            values = settings.PIXELS[state.get("conv_pixels")]
            st.caption(f"`{text.shape(INPUT_SHAPE)}`  \na {digit.noun(sample)}, values {values}")
        for stop in settings.walk().trace():
            with _card():
                _stage(stop, sample)


def _card():
    return st.container(border=True, width=_SIDE + 34, gap="xsmall")


def _stage(stop: Stop, sample) -> None:
    title = "Dense, 10 units" if stop.name == "output" else stop.spec.title
    navigation.link("dense" if stop.name == "output" else stop.name, f"**{title}**")
    if stop.problem:
        st.error(stop.problem)
        return
    if warmup.ready():
        result = sections.compute(settings.walk().upto(stop.name))
        pictures.show(_thumbnail(result.outputs), width=_SIDE, alt=f"Output of {title}")
    else:
        st.skeleton(height=_SIDE)
    st.caption(f"`{text.shape(stop.output_shape)}`  \n{_SAYS[stop.name]}")


def _thumbnail(outputs: np.ndarray):
    """Maps as a wall, vectors as a square of cells in reading order; both `_SIDE` pixels wide, or nearly."""
    if outputs.ndim == 1:
        side = int(np.ceil(np.sqrt(outputs.size)))
        return walls.strip(outputs, theme.kind(), rows=int(np.ceil(outputs.size / side)), scale=max(1, _SIDE // side))
    return walls.wall(outputs, theme.kind(), scale=max(1, round(_SIDE / (outputs.shape[1] * outputs.shape[2] ** 0.5))))
