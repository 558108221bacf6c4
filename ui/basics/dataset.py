"""MNIST as it is loaded: the arrays, how many of each digit there are, and the pictures themselves."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.data import mnist
from core.scripts import dataset
from ui.basics.settings import data_digit
from ui.components.sample_wall import HALVES, sample_wall
from ui.shared import charts, controls, digit, source_code, state, tables
from viz import digits

_PAGE = 60
_NAMES = {"train": "Training", "test": "Test"}


def split_choice() -> str:
    """Which half of the data a panel shows."""
    return controls.choice(
        "data_split",
        "Half",
        "A network learns from the training half; the test half shows whether it reads what it has never seen.",
        names=_NAMES,
        on_change=_first_page,
    )


def _first_page() -> None:
    """Other images start at their first page."""
    state.put({"data_page": 1})


def samples() -> None:
    """The wall on the left, the chosen digit large on the right."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        split = split_choice()
        _shuffle()
    controls.row("data_digit", "Digit", names={"any": "all"}, on_change=_first_page)
    wanted, seed = data_digit(), (state.get("data_seed") or 0) if state.get("data_shuffle") else None
    pages = mnist.page_count(split, wanted, _PAGE)
    wall, one = st.columns([3, 2], gap="medium")
    with wall:
        number = controls.pager("data_page", pages, f"{len(mnist.positions(split, wanted)):,} images")
        shown = mnist.page(split, wanted, number - 1, _PAGE, seed)
        sample_wall(split, shown, "data_wall")
        st.caption("Click a digit, or walk with the arrow keys and press Enter: it becomes the digit of all pages.")
    with one:
        _large()
    st.header("The same in numpy", anchor=False)
    source_code.python(dataset.page(split, wanted, number - 1, _PAGE, seed))


def _shuffle() -> None:
    if controls.flag("data_shuffle", "Shuffled"):
        with st.container(width=130):
            controls.number("data_seed", "Seed", "Another seed, another order; the same seed, the same order.")


def _large() -> None:
    """The chosen digit, every pixel with its value."""
    sample = digit.current()
    st.markdown(f"**A {sample.label}**, {HALVES[sample.split]} image {sample.index:,}")
    charts.show(digits.large(sample.image), key="data_large")
    st.caption(
        "Point at a pixel: 0 is background, 255 is full ink, and the edge of a stroke lies between. "
        f"{np.count_nonzero(sample.image)} of 784 pixels are not 0."
    )
    with st.expander("All 784 numbers, and the code"):
        source_code.python(dataset.sample(sample.split, sample.index))
        source_code.printed(_digits_as_text(sample.image))


def _digits_as_text(image: np.ndarray) -> str:
    return "\n".join(" ".join(f"{pixel:3d}" for pixel in row) for row in image)


@st.fragment
def arrays() -> None:
    """The four arrays, and how often each digit occurs."""
    st.header("What is loaded", anchor=False)
    rows = []
    for split, half in mnist.load().items():
        rows += [(f"x_{split}", half.images), (f"y_{split}", half.labels)]
    cells = [(f"`{name}`", tables.code(array.shape), f"{array.dtype}", f"{array.nbytes:,}") for name, array in rows]
    st.markdown(tables.markdown(("array", "shape", "dtype", "bytes"), cells))
    st.caption(
        "x holds the images: 28 rows of 28 pixels each, one byte a pixel, 0 to 255. y holds the digit on each of them. "
        "The images have no channel axis; a convolution wants one, see Prepare."
    )
    source_code.python(dataset.arrays())
    st.header("How many of each digit", anchor=False)
    share = (
        controls.choice("data_counts", "Count as", names={"images": "Images", "share": "Share of its half"}) == "share"
    )
    counts = {_NAMES[split]: mnist.class_counts(split) for split in mnist.SPLITS}
    charts.show(digits.counts(counts, share), key="data_counts_chart")
    most, least = (int(pick(counts["Training"])) for pick in (np.argmax, np.argmin))
    st.markdown(
        f"Not all digits are equally frequent: the training half has {counts['Training'][most]:,} of the digit {most} "
        f"and {counts['Training'][least]:,} of the digit {least}. Both halves have nearly the same shares."
    )
    source_code.python(dataset.class_counts())
