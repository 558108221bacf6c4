"""The digit that walks through all pages: which one it is, and the sidebar that chooses it.

Where a page follows one digit it may be a drawing instead of an MNIST image; the pages on the data set and on figures
over its images keep the MNIST image. A drawing is a setting like any other, its 28×28 pixels packed, so that the
address shows it. It has no label, its split is `DRAWN`, and its index is made from its pixels, so that caches tell one
drawing from another.
"""

from __future__ import annotations

import hashlib
import random
from functools import lru_cache

import numpy as np
import streamlit as st

from core.data import mnist
from core.drawing import packed
from core.scripts import parts
from core.scripts.parts import Part
from ui.shared import aloud, hidden, navigation, pictures, rounds, state
from viz import walls
from words import N_, _

ANY = "any"
DIGITS = (ANY, *map(str, range(10)))
DRAWN = "drawn"
MNIST_SOURCE = "sample"
_FOLLOW = {navigation.path(key) for key in (navigation.HOME, *navigation.SECTIONS["Layers"], "network", "train")}
# pages that one draws on
_PADS = (navigation.path(navigation.HOME), "predict")
# pixels of drawings by their index, for caches that know a drawing by that only
_PIXELS: dict[int, np.ndarray] = {}
_MOST_PIXELS = 512
_HALVES = {"train": N_("Training"), "test": N_("Test")}
_ABOUT = {
    "train": N_("A **{label}**  \ntraining image {index:,}"),
    "test": N_("A **{label}**  \ntest image {index:,}"),
}
_NAMED = {
    "train": N_("A {label}, training image {index:,}."),
    "test": N_("A {label}, test image {index:,}."),
}
_BOXES = ("split", "digit", "index")

state.declare(
    state.choice("split", "test", ("train", "test")),
    state.choice("digit", "any", DIGITS),
    state.integer("index", 0, 0, 59_999),
)


def _check(text: str) -> None:
    """No text is no drawing."""
    if text:
        packed.unpack(text)


state.declare(state.text("drawn", "", _check, most=packed.MOST))


def _wanted() -> int | None:
    digit = state.get("digit")
    return None if digit == "any" else int(digit)


def current() -> mnist.Sample:
    """The digit of this page: the drawing where one is in use and the page follows it, else the MNIST sample."""
    return (drawing() if _follows(state.page(), state.get) else None) or chosen()


def of_view(page: str, get: state.Get) -> mnist.Sample:
    """The same for a page, by its address, with settings that nobody has opened."""
    return sample(get("split"), get("index") or 0, get("drawn") if _follows(page, get) else "")


def _follows(page: str | None, get: state.Get) -> bool:
    return page in _FOLLOW or (page == "predict" and get("pred_source") != MNIST_SOURCE)


def chosen() -> mnist.Sample:
    """The MNIST sample that is chosen, also while a drawing stands in for it.

    An index beyond the chosen half of the data falls back to its last image.
    """
    split = state.get("split")
    index = state.get("index")
    return mnist.sample(split, min(index or 0, len(mnist.half(split).labels) - 1))


def noun(sample: mnist.Sample) -> str:
    """What it is, for "a …" or "this …": the label, or "drawing"."""
    return _("drawing") if sample.label is None else str(sample.label)


def named(sample: mnist.Sample) -> str:
    """One of MNIST's as a sentence: its label, and where it stands there."""
    return _(_NAMED[sample.split], label=sample.label, index=sample.index)


def drawing() -> mnist.Sample | None:
    """The drawing in use, None where there is none."""
    text = state.get("drawn")
    return _remembered(text) if text else None


@lru_cache(maxsize=64)
def _unpacked(text: str) -> mnist.Sample:
    pixels = packed.unpack(text)
    index = int.from_bytes(hashlib.sha256(pixels.tobytes()).digest()[:7], "big")
    return mnist.Sample(pixels, None, DRAWN, index)


def sample(split: str, index: int, drawn: str = "") -> mnist.Sample:
    """The drawing of this text, or where there is none the MNIST image."""
    return _remembered(drawn) if drawn else mnist.sample(split, min(index, len(mnist.half(split).labels) - 1))


def _remembered(text: str) -> mnist.Sample:
    """A drawing, whose pixels `image` has from now on; of some, since every stroke makes another one."""
    found = _unpacked(text)
    _PIXELS[found.index] = found.image
    while len(_PIXELS) > _MOST_PIXELS:
        _PIXELS.pop(next(iter(_PIXELS)), None)
    return found


def use_drawing(image: np.ndarray) -> None:
    """Make float (28, 28) in [0, 1], white on black, the digit of all pages that follow one; from a callback."""
    state.put({"drawn": packed.pack(np.rint(image * 255).astype(np.uint8))})


def drop_drawing() -> None:
    """The MNIST image that was chosen before is the digit again; from a callback."""
    if state.get("drawn"):
        state.put({"drawn": ""})


def back_to_mnist() -> None:
    """The same, and the Predict page reads that image too; a callback."""
    _put({})


def choose(split: str, index: int) -> None:
    """Make this MNIST image the digit; a filter of the sidebar that it does not pass is lifted. From a callback."""
    index = min(index, len(mnist.half(split).labels) - 1)
    label = str(mnist.sample(split, index).label)
    wanted = state.get("digit") if state.get("digit") in ("any", label) else "any"
    _put({"split": split, "index": index, "digit": wanted})
    aloud.say(named(chosen()))


def _put(values: dict[str, state.Value]) -> None:
    """Choose an MNIST image: it takes the place of a drawing, on Predict too, where the pad keeps its strokes."""
    instead = {"drawn": "", "pred_source": MNIST_SOURCE} if state.get("drawn") else {}
    state.put({**values, **instead})


def image(split: str, index: int) -> np.ndarray:
    """uint8 (28, 28): the pixels of an MNIST image, or of a drawing that was looked at a moment ago."""
    if split == DRAWN:
        return _PIXELS[index]
    return mnist.sample(split, index).image


def in_code(sample: mnist.Sample) -> Part:
    """The part of a script that leaves this digit as `image`: read from MNIST, or a drawing's own pixels."""
    if sample.split == DRAWN:
        return parts.packed_image(sample.image)
    return parts.mnist_image(sample.split, sample.index)


def _go(index: int) -> None:
    _put({"index": int(index)})
    aloud.say(named(chosen()))


def _step(by: int) -> None:
    """To the next or previous image with the wanted label, around the end to the start."""
    places = mnist.positions(state.get("split"), _wanted())
    here = int(np.searchsorted(places, chosen().index, side="left" if by > 0 else "right"))
    at = places[here % len(places)]
    # standing between two matching images (a fresh filter), the nearest one is the next
    if by > 0:
        target = here + 1 if at == chosen().index else here
    else:
        target = here - 2 if places[here - 1] == chosen().index else here - 1
    _go(places[target % len(places)])


def _random() -> None:
    _go(random.choice(mnist.positions(state.get("split"), _wanted())))


def _changed(name: str, key: str) -> None:
    """A box was used: its value is the setting's. A new filter keeps the image where it matches, else the first that
    does is next."""
    if key not in _keys().values():
        return  # Streamlit calls back for boxes that are gone, too
    value = st.session_state.get(key)
    if value == state.get(name):
        return  # and for boxes that a drawing has just taken the place of, which nobody used
    if name == "index":
        _go(len(mnist.half(state.get("split")).labels) - 1 if value is None else value)
        return
    st.session_state[name] = value
    sample, wanted = chosen(), _wanted()
    index = sample.index
    if wanted is not None and sample.label != wanted:
        places = mnist.positions(sample.split, wanted)
        index = places[np.searchsorted(places, index) % len(places)]
    _go(index)


_BUTTONS = (
    ("previous", N_("Previous"), _step, (-1,)),
    ("random", N_("Random"), _random, ()),
    ("next", N_("Next"), _step, (1,)),
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
        pictures.show(
            walls.picture(sample.image),
            width="stretch",
            alt=_("The chosen digit, labelled {label}", label=sample.label),
        )
    with about:
        said = _ABOUT[sample.split]
        st.markdown(_(said, label=sample.label, index=sample.index))
    if hidden.hides("index", _("Choice of the digit")):
        return
    with st.container(horizontal=True, gap="xsmall", key="bar_digit"):
        for key, label, action, args in _BUTTONS:
            st.button(_(label), key=f"digit_{key}", on_click=action, args=args)
    _boxes(len(mnist.half(sample.split).labels) - 1)


def _boxes(last: int) -> None:
    """Half, label and index as boxes to change. last: the half's last index.

    Their keys are not the settings': where an image was picked elsewhere they get new ones, see `rounds`.
    """
    keys = _keys()
    if any(st.session_state.get(key, state.get(name)) != state.get(name) for name, key in keys.items()):
        rounds.renew("digit")
        keys = _keys()
    options = {name: {"key": key, "on_change": _changed, "args": (name, key)} for name, key in keys.items()}
    halves = state.PARAMS["split"].options
    half = state.get("split")
    st.segmented_control(
        _("Images"), halves, default=half, required=True, format_func=lambda each: _(_HALVES[each]), **options["split"]
    )
    left, right = st.columns(2, gap="small")
    with left:
        labels = state.PARAMS["digit"].options
        st.selectbox(_("Digit"), labels, labels.index(state.get("digit")), format_func=_as_said, **options["digit"])
    with right:
        st.number_input(_("Index"), 0, last, state.get("index"), 1, **options["index"])


def _as_said(digit: str) -> str:
    return _("any") if digit == ANY else digit


def _keys() -> dict[str, str]:
    return {name: rounds.key(f"digit_{name}", "digit") for name in _BOXES}


def _drawn(sample: mnist.Sample) -> None:
    picture, about = st.columns(2, gap="small", vertical_alignment="center", wrap=False)
    with picture:
        pictures.show(walls.picture(sample.image), width="stretch", alt=_("The drawing, as the network sees it"))
    with about:
        st.markdown(_("A **drawing**"))
    st.button(_("Back to MNIST"), key="digit_mnist", icon=":material/undo:", on_click=back_to_mnist)
    if state.page() not in _PADS:
        navigation.link("predict", _("Draw another"), icon=":material/draw:")
