"""From the strokes of a drawing to what a network reads, whatever the pen was.

A fat pen on a small digit fills loops and closes gaps, and no picture shows any more what the hand did; the strokes
do. So they are drawn once more, by a pen that suits the size of the digit, before `core.drawing.preparation` sees them.
What is not made of a pen's lines alone stays as it is: a drawing that the eraser was used on, one that is filled in
rather than written, one that goes beyond the pad, a spot.

The same is done in the browser (ui/live/picture.js), to the same numbers.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np

from core.drawing import preparation, strokes
from core.drawing.preparation import FITTED, INK, MOST_LINE, Prepared

# Width of the lines in final pixels, as `preparation.stroke_width` measures it. The middle 90 % of MNIST's go from 1.7
# to 3.4; the thinner they are, the better loops stay open.
EVEN = 2.1
# Pixels of the pad that the longer side of the pen's way takes then.
SPAN = 180
# A way that is not so many times as long as the pen is wide leaves a spot.
LEAST_WAY = 1.5


def prepare_drawing(acts: list[list[float]], pad: np.ndarray | None = None) -> Prepared:
    """As `preparation.prepare`, of a drawing (see `core.drawing.strokes`); `ink`, `box` and `width_before` are of what
    stands on the pad. pad: `strokes.picture(acts)`, where it is there already. Raises DrawingError for what holds no
    digit."""
    if pad is None:
        pad = strokes.picture(acts)
    drawn_anew = even(acts)
    if drawn_anew is acts:
        return preparation.prepare(pad, "light")
    found = preparation.prepare(strokes.picture(drawn_anew), "light")
    ink = pad.astype(np.float32) / 255
    box = preparation.box_of(ink, INK)
    return replace(found, ink=ink, box=box, width_before=preparation.stroke_width(preparation.cut_out(ink, box)))


def even(acts: list[list[float]]) -> list[list[float]]:
    """The same drawing with lines of MNIST's width, for `strokes.picture`, in the middle of the pad; or `acts` itself,
    where it stays as it is."""
    written = strokes.since_cleared(acts)
    if not written or any(act[0] == strokes.ERASER for act in written):
        return acts
    across = [value for act in written for value in act[2::2]]
    down = [value for act in written for value in act[3::2]]
    left, right, top, bottom = min(across), max(across), min(down), max(down)
    longer = max(right - left, bottom - top)
    if min(left, top) < 0 or max(right, bottom) > strokes.SIDE:
        return acts
    if longer < LEAST_WAY * max(act[1] for act in written) or _way(written) * (FITTED - EVEN) > MOST_LINE * longer:
        return acts
    scale = SPAN / longer
    width = EVEN * SPAN / (FITTED - EVEN)
    x, y = ((strokes.SIDE - side * scale) / 2 for side in (right - left, bottom - top))
    anew = []
    for _kind, _width, *numbers in written:
        places = zip(numbers[::2], numbers[1::2], strict=True)
        moved = (((a - left) * scale + x, (b - top) * scale + y) for a, b in places)
        anew.append([strokes.PEN, width, *itertools.chain.from_iterable(moved)])
    return anew


def _way(acts: list[list[float]]) -> float:
    """How far the pen went while it was down; added up one by one, for the browser does no better."""
    way = 0.0
    for act in acts:
        for (x0, y0), (x1, y1) in itertools.pairwise(zip(act[2::2], act[3::2], strict=True)):
            way += math.sqrt((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0))
    return way
