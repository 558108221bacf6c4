"""Every page in teaching order: the layers as a walk of thumbnails, the others as cards, each a link."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.network.network import INPUT_SHAPE, Stage
from ui.layers import sections, settings
from ui.shared import digit, navigation, pictures, state, text, theme, warmup
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
# what the pages that are no layers are for
_PAGES = {
    "tensors": "Shapes, dtypes and casts: the numbers that layers take and give.",
    "dataset": "70,000 handwritten digits, and what must happen to them before a network learns.",
    "network": "The layers put together: what each costs, and what a trained one sees.",
    "train": "Choose loss, optimizer and data, and watch the kernels take shape.",
    "evaluate": "How many digits it reads, which it mixes up, and when it is guessing.",
    "predict": "Draw a digit, and see how it is read and why.",
}


def pages() -> None:
    """All sections of the navigation but this page itself, in its order."""
    carried = state.changed()
    for section, entries in navigation.SECTIONS.items():
        if not section:
            continue
        st.subheader(section, anchor=False)
        if "conv2d" in entries:
            walk(carried)
            continue
        places = st.columns(len(entries), gap="small")
        for place, key in zip(places, entries, strict=True):
            with place, st.container(border=True, height="stretch", gap="xsmall"):
                navigation.link(key, f"**{navigation.title(key)}**", carried)
                st.caption(_PAGES[key])


def walk(carried: dict[str, str]) -> None:
    """One card a stage. Until TensorFlow has loaded, the digit and the shapes are there and pictures follow."""
    st.caption(
        "Every layer receives what the ones before it give. The weights are random, not trained, except for kernels "
        "that you choose on the Conv2D page: what you see is what each layer does, not yet what it has learned. The "
        "ten units at the end answer as in `predict`, with Dropout at rest."
    )
    if problem := settings.walk_problem():
        st.error(problem)
    _cards(carried)
    if not warmup.ready():
        warmup.wait_for_tensorflow()


def _cards(carried: dict[str, str]) -> None:
    sample, stops = digit.current(), settings.walk().trace()
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
        for stop in stops:
            with _card():
                _stage(stop, carried)
        for name in settings.walk().names[len(stops) :]:
            with _card():
                _link(name, settings.walk()[name].title, carried)
                st.caption("The digit does not get this far.")


def _card():
    return st.container(border=True, width=_SIDE + 34, gap="xsmall")


def _link(stage: str, title: str, carried: dict[str, str]) -> str:
    """The link to the page of a stage; returns its name."""
    title = "Dense, 10 units" if stage == "output" else title
    navigation.link("dense" if stage == "output" else stage, f"**{title}**", carried)
    return title


def _stage(stop: Stage, carried: dict[str, str]) -> None:
    title = _link(stop.name, stop.spec.title, carried)
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
