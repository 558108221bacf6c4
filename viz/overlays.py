"""Explanations drawn over a digit: the digit in grey, what speaks for the class in orange, against it in blue."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from viz import palette, walls

_GREY = 0.75
_COVER = 0.9


@dataclass(frozen=True)
class Scale:
    """Which colour a heat has: `limit` and beyond the strongest, 0 none. strongest: how much of the digit the strongest
    colour covers, from 0 to 1; root: with the square root of heat / limit, so that a tenth of the limit is seen too."""

    limit: float
    strongest: float = 1.0
    root: bool = False

    def cover(self, heat: np.ndarray) -> np.ndarray:
        """How much of the digit is covered, from 0 to 1, sign left out."""
        share = np.clip(np.abs(heat) / self.limit, 0, 1)
        return (np.sqrt(share) if self.root else share) * self.strongest * _COVER


def relative(heat: np.ndarray, negligible: float) -> Scale:
    """The largest heat has the strongest colour, and what is smaller than `negligible` fades: a whisper must not
    glow only because nothing else speaks."""
    most = float(np.abs(heat).max())
    return Scale(most or negligible, min(1.0, most / negligible))


def over(image: np.ndarray, heat: np.ndarray, scale: Scale, pixels: int = 12) -> Image.Image:
    """image: (h, w) in [0, 1]; heat: (h, w), 0 shows the digit alone. pixels: of the screen for each of the image."""
    grey = np.repeat(image[..., np.newaxis] * 255 * _GREY, 3, axis=-1)
    share = scale.cover(heat)[..., np.newaxis]
    blended = grey * (1 - share) + _colours(heat) * share
    return walls.picture(np.rint(blended).astype(np.uint8), pixels)


def _colours(heat: np.ndarray) -> np.ndarray:
    negative, positive = ([int(name[i : i + 2], 16) for i in (1, 3, 5)] for name in palette.GLOW)
    return np.where(heat[..., np.newaxis] < 0, negative, positive)


def legend(scale: Scale, signed: bool, width: int = 336, height: int = 14) -> Image.Image:
    """The colours from 0 (or from minus the limit, where `signed`) to the limit, over black as in the picture."""
    values = np.linspace(-scale.limit if signed else 0, scale.limit, width)
    return over(np.zeros((height, width)), np.tile(values, (height, 1)), scale, 1)


def patch(image: np.ndarray, top: int, left: int, side: int, scale: int = 8) -> Image.Image:
    """(h, w) in [0, 1], grey, with an orange frame around a square of it."""
    picture = walls.picture(np.rint(image * 255).astype(np.uint8), scale).convert("RGB")
    right, bottom = (scale * (start + side) - 1 for start in (left, top))
    box = (scale * left, scale * top, right, bottom)
    ImageDraw.Draw(picture).rectangle(box, outline=palette.GLOW[1], width=2)
    return picture
