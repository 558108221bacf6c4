"""The digit that walks through all pages: which one it is, and the sidebar that chooses it."""

from __future__ import annotations

import random

import numpy as np
import streamlit as st

from core import mnist
from ui import controls, state
from viz import walls


def _wanted() -> int | None:
    digit = state.get("digit")
    return None if digit == "any" else int(digit)


def current() -> mnist.Sample:
    """The chosen sample. An index beyond the chosen half of the data falls back to its last image."""
    split = state.get("split")
    index = state.get("index")
    return mnist.sample(split, min(index or 0, len(mnist.half(split).labels) - 1))


def _go(index: int) -> None:
    state.put({"index": int(index)})


def _step(by: int) -> None:
    """To the next or previous image with the wanted label, around the end to the start."""
    places = mnist.positions(state.get("split"), _wanted())
    here = int(np.searchsorted(places, current().index, side="left" if by > 0 else "right"))
    at = places[here % len(places)]
    # standing between two matching images (a fresh filter), the nearest one is the next
    if by > 0:
        target = here + 1 if at == current().index else here
    else:
        target = here - 2 if places[here - 1] == current().index else here - 1
    _go(places[target % len(places)])


def _random() -> None:
    _go(random.choice(mnist.positions(state.get("split"), _wanted())))


def _filter_changed() -> None:
    """Keep the image where it matches the new filter, else go to the first that does."""
    sample = current()
    wanted = _wanted()
    index = sample.index
    if wanted is not None and sample.label != wanted:
        places = mnist.positions(sample.split, wanted)
        index = places[np.searchsorted(places, index) % len(places)]
    _go(index)


_BUTTONS = (
    ("previous", "Previous", _step, (-1,)),
    ("random", "Random", _random, ()),
    ("next", "Next", _step, (1,)),
)


def sidebar() -> None:
    """Picture, label and the controls that choose the digit."""
    sample = current()
    # an index beyond this half (60,000 training, 10,000 test images) is brought back before its box exists
    if state.get("index") != sample.index:
        st.session_state["index"] = sample.index
    picture, about = st.columns(2, gap="small", vertical_alignment="center", wrap=False)
    with picture:
        st.image(walls.picture(sample.image), width="stretch", alt=f"The chosen digit, labelled {sample.label}")
    with about:
        half = "training" if sample.split == "train" else "test"
        st.markdown(f"A **{sample.label}**  \n{half} image {sample.index:,}")
    with st.container(horizontal=True, gap="xsmall"):
        for key, label, action, args in _BUTTONS:
            st.button(label, key=f"digit_{key}", on_click=action, args=args)
    controls.choice("split", "Images", names={"train": "Training", "test": "Test"}, on_change=_filter_changed)
    left, right = st.columns(2, gap="small")
    with left:
        controls.choice("digit", "Digit", on_change=_filter_changed)
    with right:
        controls.number("index", "Index", high=len(mnist.half(sample.split).labels) - 1)
