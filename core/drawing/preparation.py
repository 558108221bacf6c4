"""From a drawn or uploaded picture to what a network trained on MNIST expects, each step kept to be looked at.

MNIST was made from scanned forms: cut to the ink, scaled so that the longer side takes 20 pixels, then placed in
28×28 pixels with the centre of mass in the middle (LeCun, Bottou, Bengio, Haffner, "Gradient-based learning
applied to document recognition", 1998, section III). The same is done here, to any picture. Finding the ink is
the business of core/drawing/foreground.py.

How far the result may move: the same drawing anywhere on the pad, inverted, or drawn at 0.7 to 2 times the size
(on a pad of 280 pixels, with a pen as much wider) gives pixels that differ by at most `TOLERANCE` on average.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from core.data.mnist import SIZE
from core.drawing import refusals
from core.drawing.foreground import find_ink, main_ink
from core.drawing.grayscale import DrawingError
from words import _

__all__ = ["TOLERANCE", "DrawingError", "Prepared", "prepare", "to_mnist"]

FITTED = 20
TOLERANCE = 0.02
# Work on strokes is done with 8 pixels for each of the final ones: a step is then an eighth of a pixel.
FINE = 8
# Lines outside these limits are brought to the nearer one, in final pixels, as `stroke_width` measures them. MNIST's
# own go from 1.7 to 3.4 (the middle 90 %).
THINNEST, THICKEST = 1.8, 3.0
INK = 0.3
# The longest lines in MNIST's 70,000 images come to 72 pixels, a digit being 20 high; a scribble soon has more.
MOST_LINE = 95
# The centre of mass of MNIST's digits, counted from the picture's edge: the middle of pixel 14, not its corner.
CENTRE = 14.5


@dataclass(frozen=True, eq=False)
class Prepared:
    """How a picture became a network's input; all pictures are float32 in [0, 1], bright ink on 0.

    ink: the picture at working size (longer side at most 1024 pixels), paper removed.
    box: (top, left, bottom, right) of the ink in it, bottom and right exclusive.
    strokes: what is in the box, 8 pixels for each final one, lines brought to MNIST's width.
    width_before, width: the lines' mean width in final pixels, before and after that.
    scaled: (20, 20), the longer side fills it.
    shift: (down, right), how far `scaled`'s middle lies from the middle of `result`, in pixels.
    result: (28, 28), with its centre of mass in the middle.
    """

    ink: np.ndarray
    box: tuple[int, int, int, int]
    strokes: np.ndarray
    width_before: float
    width: float
    scaled: np.ndarray
    shift: tuple[float, float]
    result: np.ndarray


def to_mnist(image: Image.Image | np.ndarray, ink: str = "auto") -> np.ndarray:
    """The digit in `image` as float32 (28, 28) in [0, 1], white on black; see `prepare`. Raises DrawingError."""
    return prepare(image, ink).result


def prepare(image: Image.Image | np.ndarray, ink: str = "auto") -> Prepared:
    """Find the ink, cut it out, scale it to 20 pixels and centre it, as MNIST was made.

    image: a Pillow picture of any mode, or an array (h, w), (h, w, 1), (h, w, 2: grey and alpha), (h, w, 3) or
        (h, w, 4: with alpha); bool, whole numbers 0-255 or 0-65535, or floats 0-1 or 0-255.
    ink: "auto" (what there is less of), or "light" / "dark" where that is known.
    Raises DrawingError with one sentence for anything else, and for pictures that hold no digit: blank ones,
    ones covered with ink or scribbled over, and single dots.
    """
    found = main_ink(find_ink(image, ink))
    box = box_of(found, INK)
    cut = cut_out(found, box)
    width_before = stroke_width(cut)
    strokes = _with_width(cut, width_before, float(np.clip(width_before, THINNEST, THICKEST)))
    strokes = strokes[slice(*box_of(strokes, INK)[::2]), slice(*box_of(strokes, INK)[1::2])]
    scaled, shift, result = _placed(strokes)
    size = FITTED / max(strokes.shape)
    width = stroke_width(strokes) * FINE * size
    if _sum(strokes) * size**2 / width > MOST_LINE:
        raise DrawingError(_(refusals.LONG))
    return Prepared(found, box, strokes, width_before, width, scaled, shift, result)


def stroke_width(strokes: np.ndarray) -> float:
    """Mean width of the lines in final pixels, for ink (h, w) in [0, 1] with `FINE` pixels for each of those.

    A line of length l and width w has the area l·w and an outline of about 2·l, and the summed slope of a picture
    is the length of its outlines: so the width is twice the one over the other.
    """
    padded = np.pad(strokes, 1)
    down, right = np.diff(padded, axis=0)[:, 1:], np.diff(padded, axis=1)[1:]
    outline = _sum(np.hypot(down, right))
    return 2 * _sum(strokes) / max(outline, 1e-6) / FINE


def _sum(picture: np.ndarray) -> float:
    """In double: the browser sums in another order, and where a limit is near both must come to the same side of it."""
    return float(picture.sum(dtype=np.float64))


def box_of(ink: np.ndarray, least: float) -> tuple[int, int, int, int]:
    """(top, left, bottom, right) of what is brighter than `least`, bottom and right exclusive."""
    rows, columns = (np.flatnonzero((ink > least).any(axis=axis)) for axis in (1, 0))
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1


def cut_out(ink: np.ndarray, box: tuple[int, int, int, int]) -> np.ndarray:
    """What is in a box, `FINE` pixels for each final one."""
    return _resized(ink, box, _fine_size(box))


def _fine_size(box: tuple[int, int, int, int]) -> tuple[int, int]:
    height, width = box[2] - box[0], box[3] - box[1]
    scale = FITTED * FINE / max(height, width)
    return max(1, round(height * scale)), max(1, round(width * scale))


def _resized(picture: np.ndarray, box: tuple[float, float, float, float], shape: tuple[int, int]) -> np.ndarray:
    """What lies in `box` (top, left, bottom, right; may reach outside) at another size, anti-aliased."""
    top, left, bottom, right = box
    outside = int(np.ceil(max(0, -top, -left, bottom - picture.shape[0], right - picture.shape[1])))
    image = Image.fromarray(np.pad(picture, outside).astype(np.float32))
    around = (left + outside, top + outside, right + outside, bottom + outside)
    # for shrinking, this one averages areas and is sharp; for enlarging it would show blocks
    shrinks = bottom - top >= shape[0]
    kind = Image.Resampling.HAMMING if shrinks else Image.Resampling.BILINEAR
    return np.clip(np.asarray(image.resize(shape[::-1], kind, box=around)), 0, 1)


def _with_width(strokes: np.ndarray, width: float, wanted: float) -> np.ndarray:
    """Lines grown or shrunk evenly on both sides. Growing makes the picture larger all around."""
    steps = round((wanted - width) / 2 * FINE)
    if steps >= 0:
        grown = np.pad(strokes, steps)
        for step in range(steps):
            grown = _neighbours(grown, np.maximum, diagonal=step % 2 == 1)
        return grown
    # never so far that the middle of a line goes
    thinned = strokes
    for step in range(-steps):
        thinner = -_neighbours(-np.pad(thinned, 1), np.maximum, diagonal=step % 2 == 1)[1:-1, 1:-1]
        if thinner.max() < 0.9:
            break
        thinned = thinner
    return thinned


def _neighbours(picture: np.ndarray, combine: np.ufunc, diagonal: bool) -> np.ndarray:
    """Each pixel combined with its 4 neighbours, or 8. In turns, they grow a point to an octagon."""
    around = np.pad(picture, 1, mode="edge")
    rows = combine(combine(around[:-2], around[1:-1]), around[2:])
    if diagonal:
        return combine(combine(rows[:, :-2], rows[:, 1:-1]), rows[:, 2:])
    middle = around[1:-1]
    return combine(rows[:, 1:-1], combine(middle[:, :-2], middle[:, 2:]))


def _placed(strokes: np.ndarray) -> tuple[np.ndarray, tuple[float, float], np.ndarray]:
    """The 20×20 picture, how far it is moved, and the 28×28 one. Both are cut straight from `strokes`: to shift
    by whole pixels, as MNIST was, would let one more dot of ink move the digit by a whole pixel."""
    height, width = strokes.shape
    scale = max(height, width) / FITTED
    scaled = _resized(strokes, _square(height / 2, width / 2, FITTED * scale / 2), (FITTED, FITTED))
    mass = _sum(strokes)
    down = float(strokes.sum(axis=1, dtype=np.float64) @ (np.arange(height) + 0.5)) / mass
    right = float(strokes.sum(axis=0, dtype=np.float64) @ (np.arange(width) + 0.5)) / mass
    # the middle of the 28×28 picture is 14, and MNIST's centre of mass lies at CENTRE
    off = (CENTRE - SIZE / 2) * scale
    result = _resized(strokes, _square(down - off, right - off, SIZE * scale / 2), (SIZE, SIZE))
    shift = ((height / 2 - down) / scale + CENTRE - SIZE / 2, (width / 2 - right) / scale + CENTRE - SIZE / 2)
    return scaled, shift, result


def _square(down: float, right: float, half: float) -> tuple[float, float, float, float]:
    return down - half, right - half, down + half, right + half
