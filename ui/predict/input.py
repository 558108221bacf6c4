"""What is to be read: the drawing, a picture, or the digit of the sidebar, as the network will see it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from PIL import Image

from core.data import mnist
from core.drawing import uploads
from core.drawing.drawn import prepare_drawing
from core.drawing.preparation import DrawingError, Prepared, prepare
from ui.components.drawing_pad import Drawing, Step, clear_pad, drawing, put_on_pad
from ui.shared import digit, state
from words import N_, _, language

_FILE = "_pred_file"
_MADE = "_pred_made"
_STROKES = "_pred_strokes"
_PICTURE = 140
_ORIGINAL = 240
# of the others a browser shows nothing, or all white
_SHOWN = ("1", "L", "LA", "RGB", "RGBA")
# an eight as large as the pad, drawn with the widest pen, covers two fifths of it
_MOST_INK = 0.5
_LINKED = N_(
    "The drawing that the address holds: these 28 × 28 pixels, without the strokes or the picture they were made of."
)
# drawings whose strokes are kept
_MOST_KEPT = 40
_INVITATION = N_("Draw a digit from 0 to 9: the network reads along.")


@dataclass(frozen=True, eq=False)
class Input:
    """`image`: float32 (28, 28) in [0, 1], None where there is nothing to read, and `sentence` says why.

    `truth`: the label where there is one; `steps`: the pictures on the way, what the network sees last;
    `original`: the picture as it came, small, where it came as a file.
    """

    image: np.ndarray | None = None
    truth: int | None = None
    steps: tuple[Step, ...] = ()
    sentence: str = ""
    original: Image.Image | None = None


def current() -> Input:
    """The input as the source choice and the session have it now.

    With the pen up it is the digit of all pages. What a link or the way back in the browser's history brings is a
    picture only, unless this session has drawn it.
    """
    source = state.get("pred_source")
    if source == digit.MNIST_SOURCE:
        return _sample()
    found = _own(source)
    if source == "draw" and not drawing().done:
        return found
    used = digit.drawing()
    return found if used is None or _is(found, used) else _linked(used)


def _is(found: Input, used: mnist.Sample) -> bool:
    """Whether the digit of all pages is this very picture."""
    return found.image is not None and np.array_equal(np.rint(found.image * 255), used.image)


def _own(source: str) -> Input:
    """What this session has drawn or was given."""
    given = drawing() if source == "draw" else kept(source)
    made = st.session_state.get(_MADE)
    # a run asks several times, and unpacking a photo takes a moment
    if made is None or made[:2] != (source, language()) or made[2] is not given:
        made = st.session_state[_MADE] = (source, language(), given, _made(source, given))
    return made[3]


def given(source: str | None = None) -> None:
    """Make what a source has now, by itself the one that is chosen, the digit of all pages; a callback of what draws
    and takes pictures."""
    source = source or state.get("pred_source")
    if source == "draw" and not drawing().done:
        return
    found = _own(source)
    if found.image is None:
        digit.drop_drawing()
        return
    digit.use_drawing(found.image)
    if source == "draw":
        _remember(digit.drawing().index)


def source_changed() -> None:
    """Another source brings its own picture; one that has none leaves the digit as it is. A callback."""
    source = state.get("pred_source")
    if source == digit.MNIST_SOURCE:
        digit.back_to_mnist()
    elif _own(source).image is not None:
        given()
    state.publish()


def _remember(index: int) -> None:
    """Keep the strokes of a drawing for the way back in the browser's history, of some drawings."""
    kept_strokes = st.session_state.setdefault(_STROKES, {})
    kept_strokes[index] = drawing().acts
    while len(kept_strokes) > _MOST_KEPT:
        del kept_strokes[next(iter(kept_strokes))]


def strokes(used: mnist.Sample) -> list[list[float]]:
    """What this session drew to make this drawing; nothing where it came from a picture or a link."""
    return st.session_state.get(_STROKES, {}).get(used.index, [])


def agree(any_source: bool = False) -> None:
    """Call first: after back and forward the pad shows the strokes of the drawing that is the digit, where this
    session drew it, and else nothing; Undo then brings back what was on it.

    any_source: also where the digit comes from elsewhere, for a page that has the pad on screen all the same.
    """
    pad, used = drawing(), digit.drawing()
    if not (any_source or state.get("pred_source") == "draw") or not pad.done or not pad.acts:
        return
    found = _own("draw")
    if used and _is(found, used):
        return
    if mine := strokes(used) if used else []:
        put_on_pad(mine)
    elif found.image is not None:
        clear_pad()


def _linked(used: mnist.Sample) -> Input:
    plain = used.image.astype(np.float32) / 255
    return Input(plain, None, (Step(_("What the network sees"), _(_LINKED), used.image, True),))


def _made(source: str, given: Drawing | bytes | None) -> Input:
    try:
        return _drawn(given) if source == "draw" else _photo(source, given)
    except DrawingError as error:
        return Input(sentence=str(error))


def _sample() -> Input:
    sample = digit.current()
    plain = sample.image.astype(np.float32) / 255
    caption = _("An MNIST image as it is: it was cut, scaled and centred when MNIST was made.")
    return Input(plain, sample.label, (Step(_("What the network sees"), caption, sample.image, True),))


def _drawn(given: Drawing) -> Input:
    if not given.acts:
        return Input(sentence=_(_INVITATION))
    picture = given.picture()
    if not picture.any():
        return Input(sentence=_("The pad is blank: draw a digit from 0 to 9."))
    if np.mean(picture > 0) > _MOST_INK:
        return Input(sentence=_("It is covered with ink: clear it, draw one digit."))
    found = prepare_drawing(given.acts, picture)
    return Input(_as_pixels(found.result), None, _steps(found))


def _photo(source: str, data: bytes | None) -> Input:
    if data is None:
        if source == "upload":
            said = _("Choose a picture of one digit, dark on light or light on dark: on paper, say.")
        else:
            said = _("Take a picture of one digit, dark on light or light on dark: on paper, say.")
        return Input(sentence=said)
    original = uploads.read_picture(data)
    found = prepare(original)
    original.thumbnail((_ORIGINAL, _ORIGINAL))
    height, width = found.ink.shape
    small = Image.fromarray(_bytes(found.ink))
    small.thumbnail((_PICTURE, _PICTURE), Image.Resampling.BOX)
    said = _("Paper and its shadows removed; {width} × {height} pixels.", width=width, height=height)
    ink = Step(_("The ink in it"), said, np.asarray(small))
    return Input(
        _as_pixels(found.result), None, (ink, *_steps(found)), original=original if original.mode in _SHOWN else None
    )


def kept(source: str) -> bytes | None:
    """The bytes of the picture last given to this source, in memory only."""
    return st.session_state.get(f"{_FILE}_{source}")


def keep(source: str, key: str) -> None:
    """Keep what the widget `key` received, so that it outlives a visit to another page; a callback."""
    taken = st.session_state.get(key)
    if taken is None:
        st.session_state.pop(f"{_FILE}_{source}", None)
    else:
        st.session_state[f"{_FILE}_{source}"] = taken.getvalue()
    given(source)


def _steps(found: Prepared) -> tuple[Step, ...]:
    top, left, bottom, right = found.box
    cut = _("{width} × {height} pixels of ink, cut out.", width=right - left, height=bottom - top)
    if abs(found.width - found.width_before) > 0.2:
        thinner = _(
            "Lines made {width:.1f} wide like MNIST's, they were {before:.1f}.",
            width=found.width,
            before=found.width_before,
        )
        cut = f"{cut} {thinner}"
    down, across = (_(ways[value > 0], pixels=abs(value)) for value, ways in zip(found.shift, _WAYS, strict=True))
    moved = _(
        "28 × 28 pixels: cut, scaled, and moved {vertically} and {horizontally}, so that the ink's centre of mass is "
        "in the middle.",
        vertically=down,
        horizontally=across,
    )
    return (
        Step(_("1. Cut to the ink"), cut, _bytes(_square(found.strokes[::2, ::2]))),
        Step(_("2. Scaled to 20 × 20"), _("Its longer side fills 20 pixels."), _bytes(found.scaled)),
        Step(_("What the network sees"), moved, _bytes(found.result), True),
    )


_WAYS = (
    (N_("{pixels:.1f} up"), N_("{pixels:.1f} down")),
    (N_("{pixels:.1f} left"), N_("{pixels:.1f} right")),
)


def _square(picture: np.ndarray) -> np.ndarray:
    height, width = picture.shape
    side = max(height, width)
    above, before = (side - height) // 2, (side - width) // 2
    return np.pad(picture, ((above, side - height - above), (before, side - width - before)))


def _as_pixels(picture: np.ndarray) -> np.ndarray:
    """Rounded to the 256 greys that MNIST has: so the network reads the very pixels that are shown and handed on."""
    return _bytes(picture).astype(np.float32) / 255


def _bytes(picture: np.ndarray) -> np.ndarray:
    return np.rint(picture * 255).astype(np.uint8)
