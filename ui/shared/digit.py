"""The digit that walks through all pages: which one it is, and the sidebar that chooses it.

Where a page follows one digit it may be a drawing instead of an MNIST image; the pages on the data set and on figures
over its images keep the MNIST image. A drawing has no label, its split is `DRAWN`, and its index is made from its
pixels, so that caches tell one drawing from another.
"""

from __future__ import annotations

import base64
import hashlib
import random
import re
import textwrap
import zlib
from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.data import mnist
from ui.shared import controls, navigation, pictures, state
from viz import walls

DRAWN = "drawn"
_DRAWING = "_digit_drawn"
_FOLLOW = {navigation.path(key) for key in (navigation.HOME, *navigation.SECTIONS["Layers"], "network", "train")}
_LINE = 96


@dataclass(frozen=True, eq=False)
class _Drawing:
    """A drawing as the digit, and the MNIST image it stands for: when another one is chosen, the drawing goes."""

    sample: mnist.Sample
    instead_of: tuple[str, int]


def _wanted() -> int | None:
    digit = state.get("digit")
    return None if digit == "any" else int(digit)


def current() -> mnist.Sample:
    """The digit of this page: the drawing where one is in use and the page follows it, else the MNIST sample."""
    drawn = drawing() if state.page() in _FOLLOW else None
    return drawn or chosen()


def chosen() -> mnist.Sample:
    """The MNIST sample that is chosen, also while a drawing stands in for it.

    An index beyond the chosen half of the data falls back to its last image.
    """
    split = state.get("split")
    index = state.get("index")
    return mnist.sample(split, min(index or 0, len(mnist.half(split).labels) - 1))


def noun(sample: mnist.Sample) -> str:
    """What it is, for "a …" or "this …": the label, or "drawing"."""
    return "drawing" if sample.label is None else str(sample.label)


def drawing() -> mnist.Sample | None:
    """The drawing in use, None where there is none."""
    kept = st.session_state.get(_DRAWING)
    if kept and kept.instead_of != (state.get("split"), state.get("index")):
        del st.session_state[_DRAWING]  # somebody has picked another digit since
        return None
    return kept.sample if kept else None


def use_drawing(image: np.ndarray) -> None:
    """Make float (28, 28) in [0, 1], white on black, the digit of all pages that follow one; for this session only."""
    pixels = np.rint(image * 255).astype(np.uint8)
    pixels.setflags(write=False)
    index = int.from_bytes(hashlib.sha256(pixels.tobytes()).digest()[:7], "big")
    sample = mnist.Sample(pixels, None, DRAWN, index)
    st.session_state[_DRAWING] = _Drawing(sample, (state.get("split"), state.get("index")))


def back_to_mnist() -> None:
    """The MNIST image that was chosen before is the digit again."""
    st.session_state.pop(_DRAWING, None)


def image(split: str, index: int) -> np.ndarray:
    """uint8 (28, 28): the pixels of an MNIST image, or of the drawing of this session."""
    kept = st.session_state.get(_DRAWING)
    if split == DRAWN and kept and kept.sample.index == index:
        return kept.sample.image
    return mnist.sample(split, index).image


def in_code(code: str) -> str:
    """A script of core that reads `image` from MNIST, with the drawing's own pixels where `code` means a drawing."""
    kept = st.session_state.get(_DRAWING)
    return with_pixels(code, kept.sample.image) if kept and f'mnist["x_{DRAWN}"]' in code else code


def with_pixels(code: str, pixels: np.ndarray) -> str:
    """The script with uint8 (28, 28) written into it, in place of the lines that read `DRAWN` from MNIST."""
    packed = base64.b64encode(zlib.compress(pixels.tobytes(), 9)).decode()
    literal = "\n".join(f'    "{line}"' for line in textwrap.wrap(packed, _LINE))
    unpacked = "np.frombuffer(zlib.decompress(base64.b64decode(packed)), np.uint8)"
    lines = f"# what was drawn, white on black, packed\npacked = (\n{literal}\n)\nimage = {unpacked}.reshape(28, 28)\n"
    reading = r'(# the same arrays.*\n)?with np\.load.*\n    image = mnist\["x_drawn"\].*\n'
    return "import base64\nimport zlib\n\n" + re.sub(reading, lambda _: lines, code)


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
    if sample.split == DRAWN:
        _drawn(sample)
        return
    # an index beyond this half (60,000 training, 10,000 test images) is brought back before its box exists
    if state.get("index") != sample.index:
        st.session_state["index"] = sample.index
    picture, about = st.columns(2, gap="small", vertical_alignment="center", wrap=False)
    with picture:
        pictures.show(walls.picture(sample.image), width="stretch", alt=f"The chosen digit, labelled {sample.label}")
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


def _drawn(sample: mnist.Sample) -> None:
    picture, about = st.columns(2, gap="small", vertical_alignment="center", wrap=False)
    with picture:
        pictures.show(walls.picture(sample.image), width="stretch", alt="Your drawing, as the network sees it")
    with about:
        st.markdown("**Your drawing**")
    st.button("Back to MNIST", key="digit_mnist", icon=":material/undo:", on_click=back_to_mnist)
    navigation.link("predict", "Draw another", icon=":material/draw:")
