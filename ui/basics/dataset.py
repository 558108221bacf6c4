"""MNIST as it is loaded: the arrays, how many of each digit there are, and the pictures themselves."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.data import mnist
from core.scripts import dataset
from ui.basics.settings import data_digit
from ui.components.sample_wall import sample_wall
from ui.shared import charts, controls, digit, source_code, state, tables
from viz import digits
from words import N_, _

_PAGE = 60
_NAMES = {"train": N_("Training"), "test": N_("Test")}
_IMAGES = {
    "train": N_("**A {label}**, training image {index:,}"),
    "test": N_("**A {label}**, test image {index:,}"),
}


def split_choice() -> str:
    """Which half of the data a panel shows."""
    return controls.choice(
        "data_split",
        _("Half"),
        _("A network learns from the training half; the test half shows whether it reads what it has never seen."),
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
    controls.row("data_digit", _("Digit"), names={"any": N_("all")}, on_change=_first_page)
    wanted, seed = data_digit(), (state.get("data_seed") or 0) if state.get("data_shuffle") else None
    pages = mnist.page_count(split, wanted, _PAGE)
    wall, one = st.columns([3, 2], gap="medium")
    with wall:
        images = _("{count:,} images", count=len(mnist.positions(split, wanted)))
        number = controls.pager("data_page", pages, images)
        shown = mnist.page(split, wanted, number - 1, _PAGE, seed)
        sample_wall(split, shown, "data_wall")
        st.caption(_("Click a digit, or walk with the arrow keys and press Enter: it becomes the digit of all pages."))
    with one:
        _large()
    st.header(_("The same in numpy"), anchor=False)
    source_code.python(dataset.page(split, wanted, number - 1, _PAGE, seed))


def _shuffle() -> None:
    if controls.flag("data_shuffle", _("Shuffled")):
        with st.container(width=130):
            controls.number("data_seed", _("Seed"), _("Another seed, another order; the same seed, the same order."))


def _large() -> None:
    """The chosen digit, every pixel with its value."""
    sample = digit.current()
    st.markdown(_(_IMAGES[sample.split], label=sample.label, index=sample.index))
    charts.show(digits.large(sample.image), key="data_large")
    st.caption(
        _(
            "Point at a pixel: 0 is background, 255 is full ink, and the edge of a stroke lies between. {inked} of 784 "
            "pixels are not 0.",
            inked=np.count_nonzero(sample.image),
        )
    )
    with st.expander(_("All 784 numbers, and the code")):
        source_code.python(dataset.sample(sample.split, sample.index))
        source_code.printed(_digits_as_text(sample.image))


def _digits_as_text(image: np.ndarray) -> str:
    return "\n".join(" ".join(f"{pixel:3d}" for pixel in row) for row in image)


@st.fragment
def arrays() -> None:
    """The four arrays, and how often each digit occurs."""
    st.header(_("What is loaded"), anchor=False)
    rows = []
    for split, half in mnist.load().items():
        rows += [(f"x_{split}", half.images), (f"y_{split}", half.labels)]
    cells = [(f"`{name}`", tables.code(array.shape), f"{array.dtype}", f"{array.nbytes:,}") for name, array in rows]
    st.markdown(tables.markdown((_("array"), _("shape"), _("dtype"), _("bytes")), cells))
    st.caption(
        _(
            "x holds the images: 28 rows of 28 pixels each, one byte a pixel, 0 to 255. y holds the digit on each of "
            "them. The images have no channel axis; a convolution wants one, see Prepare."
        )
    )
    source_code.python(dataset.arrays())
    st.header(_("How many of each digit"), anchor=False)
    ways = {"images": N_("Images"), "share": N_("Share of its half")}
    share = controls.choice("data_counts", _("Count as"), names=ways) == "share"
    counts = {split: mnist.class_counts(split) for split in mnist.SPLITS}
    charts.show(digits.counts({_(_NAMES[split]): counts[split] for split in counts}, share), key="data_counts_chart")
    train = counts["train"]
    most, least = (int(pick(train)) for pick in (np.argmax, np.argmin))
    st.markdown(
        _(
            "Not all digits are equally frequent: the training half has {most_count:,} of the digit {most} and "
            "{least_count:,} of the digit {least}. Both halves have nearly the same shares.",
            most_count=train[most],
            most=most,
            least_count=train[least],
            least=least,
        )
    )
    source_code.python(dataset.class_counts())
