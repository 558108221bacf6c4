"""What a pen did on the pad, and the picture that it left.

A drawing is a list of acts: [PEN or ERASER, width, x, y, x, y, …] or [CLEAR]. Coordinates and widths are in pixels of
a pad of 280×280, whatever the size on screen; an act that clears stays in the list, so that it can be undone.

The picture is made in the browser as well (ui/live/picture.js), by the same few lines and to the same pixels: what a
canvas draws differs from browser to browser, and so would what a network reads.
"""

from __future__ import annotations

import math

import numpy as np

SIDE = 280
ERASER, PEN, CLEAR = 0, 1, 2
WIDTHS = (6, 40)
# what an hour of scribbling does not reach; a message from a browser is not to be trusted
_MOST_NUMBERS = 60_000


def checked(acts: object) -> list[list[float]]:
    """The same list where it is a drawing. Raises ValueError for anything else that a browser may send."""
    if not isinstance(acts, list) or sum(len(act) if isinstance(act, list) else 1 for act in acts) > _MOST_NUMBERS:
        raise ValueError(f"A drawing must be a list of acts with up to {_MOST_NUMBERS:,} numbers in all.")
    for act in acts:
        if not isinstance(act, list) or not act or not all(_is_number(value) for value in act):
            raise ValueError("Every act must be a list of numbers.")
        kind, *rest = act
        if kind == CLEAR and not rest:
            continue
        if kind not in (PEN, ERASER) or len(rest) < 3 or len(rest) % 2 == 0 or not 1 <= rest[0] <= SIDE:
            raise ValueError("Every act must be a stroke with a width and pairs of coordinates, or clear the pad.")
    return acts


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 10 * SIDE


def picture(acts: list[list[float]]) -> np.ndarray:
    """uint8 (280, 280), white on black: strokes with round ends and joints.

    A stroke covers what lies within half its width of its line. A pixel is as bright as it is covered, taken from the
    distance of its middle: full half a pixel inside the edge, nothing half a pixel outside. A pen leaves the brighter
    of what is there and what it draws, an eraser the darker: so it does not matter how a line is cut in pieces.
    """
    pad = np.zeros((SIDE, SIDE), np.uint8)
    for kind, width, *numbers in since_cleared(acts):
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        # a point alone is a dot
        for first, last in zip(points[:1] + points[:-1], points, strict=True):
            _draw(pad, kind, width / 2, first, last)
    return pad


def since_cleared(acts: list[list[float]]) -> list[list[float]]:
    """The strokes that are on the pad: those after it was cleared last."""
    return acts[max((i + 1 for i, act in enumerate(acts) if act[0] == CLEAR), default=0) :]


def _draw(pad: np.ndarray, kind: float, radius: float, first: tuple[float, float], last: tuple[float, float]) -> None:
    """One straight piece of a stroke: all that is near enough to the line from `first` to `last`."""
    (left, right), (top, bottom) = (_reach(pair, radius) for pair in zip(first, last, strict=True))
    if left >= right or top >= bottom:
        return
    x, y = np.arange(left, right) + 0.5 - first[0], (np.arange(top, bottom) + 0.5 - first[1])[:, np.newaxis]
    along, down = last[0] - first[0], last[1] - first[1]
    length = along * along + down * down
    # where on the line the nearest point lies: 0 is its start, 1 its end
    share = np.clip((x * along + y * down) / length, 0, 1) if length else 0.0
    across, below = x - share * along, y - share * down
    distance = np.sqrt(across * across + below * below)
    covered = np.floor(np.clip(radius + 0.5 - distance, 0, 1) * 255 + 0.5).astype(np.uint8)
    part = pad[top:bottom, left:right]
    if kind == PEN:
        np.maximum(part, covered, out=part)
    else:
        np.minimum(part, 255 - covered, out=part)


def _reach(ends: tuple[float, float], radius: float) -> tuple[int, int]:
    """The pixels of an axis that a piece between these two coordinates can touch: from, to."""
    low, high = min(ends) - radius - 1, max(ends) + radius + 1
    return max(0, math.floor(low)), min(SIDE, math.ceil(high))
