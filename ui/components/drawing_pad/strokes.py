"""What a pen did on the pad, and the picture that it left.

A drawing is a list of acts: [PEN or ERASER, width, x, y, x, y, …] or [CLEAR]. Coordinates and widths are in pixels of
a pad of 280×280, whatever the size on screen; an act that clears stays in the list, so that it can be undone.
"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

SIDE = 280
ERASER, PEN, CLEAR = 0, 1, 2
WIDTHS = (6, 40)
# what an hour of scribbling does not reach; a message from a browser is not to be trusted
_MOST_NUMBERS = 60_000
_FINE = 2


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
    """uint8 (280, 280), white on black: strokes with round ends and joints, as the pad in the browser shows them."""
    start = max((i + 1 for i, act in enumerate(acts) if act[0] == CLEAR), default=0)
    # Pillow does not smooth edges: drawn at twice the size, then halved
    pad = Image.new("L", (SIDE * _FINE, SIDE * _FINE), 0)
    draw = ImageDraw.Draw(pad)
    for kind, width, *numbers in acts[start:]:
        fill = 255 if kind == PEN else 0
        points = [(x * _FINE, y * _FINE) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
        radius = width * _FINE / 2
        if len(points) > 1:
            draw.line(points, fill=fill, width=round(2 * radius))
        for x, y in points:
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)
    return np.asarray(pad.resize((SIDE, SIDE), Image.Resampling.BOX))
