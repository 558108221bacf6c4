"""Many maps as one Pillow image: one message to the browser instead of one chart a map."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image

from viz import palette


def picture(image: np.ndarray, scale: int = 4) -> Image.Image:
    """uint8 (height, width) grey or (height, width, 3) colours, each pixel `scale` screen pixels wide."""
    return _enlarge(Image.fromarray(image), scale)


def wall(
    maps: np.ndarray,
    theme: str,
    mode: str = "layer",
    family: str = "activations",
    columns: int | None = None,
    scale: int = 1,
    gap: int = 2,
    span: palette.Range | None = None,
) -> Image.Image:
    """float (height, width, channels) → all maps side by side, row by row.

    Each value is a square of `scale` pixels, with `gap` transparent pixels between maps. mode: see
    `palette.choose_range`; span: one range for all of them in place of the mode's.
    """
    height, width, channels = maps.shape[0] * scale, maps.shape[1] * scale, maps.shape[2]
    columns = columns or math.ceil(math.sqrt(channels))
    rows = math.ceil(channels / columns)
    canvas = np.zeros((rows * (height + gap) - gap, columns * (width + gap) - gap, 4), np.uint8)
    for channel in range(channels):
        values = maps[..., channel]
        colours = palette.colourise(values, span or palette.choose_range(mode, maps, values), family, theme)
        top, left = (channel // columns) * (height + gap), (channel % columns) * (width + gap)
        cell = canvas[top : top + height, left : left + width]
        cell[..., :3] = colours.repeat(scale, axis=0).repeat(scale, axis=1)
        cell[..., 3] = 255
    return Image.fromarray(canvas)


def strip(values: np.ndarray, theme: str, rows: int, scale: int = 2, family: str = "activations") -> Image.Image:
    """float (n,) in reading order over `rows` rows; cells past the end are transparent."""
    columns = math.ceil(len(values) / rows)
    canvas = np.zeros((rows * columns, 4), np.uint8)
    canvas[: len(values), :3] = palette.colourise(values, palette.symmetric(values, "layer"), family, theme)
    canvas[: len(values), 3] = 255
    return _enlarge(Image.fromarray(canvas.reshape(rows, columns, 4)), scale)


def _enlarge(image: Image.Image, scale: int) -> Image.Image:
    # nearest neighbour: a pixel must stay a square with one value, not a smooth blob
    return image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)
