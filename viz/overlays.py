"""Explanations drawn over a digit: the digit in grey, what speaks for the class in orange, against it in blue."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from viz import palette, walls

_GREY = 0.75
_COVER = 0.9


def over(image: np.ndarray, heat: np.ndarray, limit: float, scale: int = 12) -> Image.Image:
    """image: (h, w) in [0, 1]; heat: (h, w), where ±limit has the full colour and 0 shows the digit alone."""
    grey = np.repeat(image[..., np.newaxis] * 255 * _GREY, 3, axis=-1)
    share = np.clip(np.abs(heat) / limit, 0, 1)[..., np.newaxis] * _COVER
    blended = grey * (1 - share) + _colours(heat) * share
    return walls.picture(np.rint(blended).astype(np.uint8), scale)


def _colours(heat: np.ndarray) -> np.ndarray:
    negative, positive = ([int(name[i : i + 2], 16) for i in (1, 3, 5)] for name in palette.SIGNS["activations"])
    return np.where(heat[..., np.newaxis] < 0, negative, positive)


def legend(signed: bool, width: int = 336, height: int = 14) -> Image.Image:
    """The colours from 0 (or from minus the limit, where `signed`) to the limit, over black as in the picture."""
    values = np.linspace(-1 if signed else 0, 1, width)
    return over(np.zeros((height, width)), np.tile(values, (height, 1)), 1.0, scale=1)


def patch(image: np.ndarray, top: int, left: int, side: int, scale: int = 8) -> Image.Image:
    """(h, w) in [0, 1], grey, with an orange frame around a square of it."""
    picture = walls.picture(np.rint(image * 255).astype(np.uint8), scale).convert("RGB")
    right, bottom = (scale * (start + side) - 1 for start in (left, top))
    box = (scale * left, scale * top, right, bottom)
    ImageDraw.Draw(picture).rectangle(box, outline=palette.SIGNS["activations"][1], width=2)
    return picture
