"""Any picture, an array or Pillow's, as grey levels in [0, 1] at a size that is quick to work with.

Read in strips and averaged at once, so that a picture of 20,000×20,000 pixels costs a few megabytes beside its own.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image

from words import _

WORKING_SIDE = 1024
BYTE, WORD = 255, 65_535
# ITU-R BT.601, as Pillow's own conversion to grey
LUMA = np.array([0.299, 0.587, 0.114], np.float32)
# drawings on transparency have one colour; a picture with transparent corners has more
VARIED = 0.25
# Pillow's modes that numpy reads as they are; the others are converted
DIRECT = {"1", "L", "LA", "RGB", "RGBA", "I;16", "I;16L", "I;16B", "I", "F"}
WITH_ALPHA = {"P", "PA", "La", "RGBa"}


class DrawingError(ValueError):
    """The picture cannot be read as a digit; the message is for the person who drew or uploaded it."""


def grey(image: Image.Image | np.ndarray) -> np.ndarray:
    """Grey levels float32 (h, w) in [0, 1], the longer side at most 1024; transparency is filled.

    Raises DrawingError for arrays of other shapes and types, for empty ones, and for NaN.
    """
    if isinstance(image, Image.Image):
        shape, strip, top = _picture(image)
    elif isinstance(image, np.ndarray):
        shape, strip, top = _array(image)
    else:
        raise DrawingError(
            _("A picture must be a numpy array or a Pillow image, not {found}.", found=type(image).__name__)
        )
    levels, alpha = _reduced(shape, strip, top)
    return levels if alpha is None else _filled(levels, alpha)


def _picture(image: Image.Image) -> tuple[tuple[int, int], Callable, float]:
    width, height = image.size
    if not width or not height:
        raise DrawingError(
            _("A picture must have at least 1×1 pixels, this one has {width}×{height}.", width=width, height=height)
        )
    if image.mode in ("I", "F"):
        values = np.ravel(image.getextrema())  # the smallest and the largest of the one channel
        top = _top(np.dtype(np.float32 if image.mode == "F" else np.int32), float(values[0]), float(values[1]))
    else:
        top = {"1": 1, "I": WORD}.get(image.mode.split(";")[0], BYTE)
    wanted = image.mode if image.mode in DIRECT else "RGBA" if image.mode in WITH_ALPHA else "RGB"

    def strip(first: int, last: int) -> np.ndarray:
        part = image.crop((0, first, width, last))
        return np.asarray(part if part.mode == wanted else part.convert(wanted))

    return (height, width), strip, top


def _array(array: np.ndarray) -> tuple[tuple[int, int], Callable, float]:
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (1, 2, 3, 4)):
        raise DrawingError(
            _(
                "A picture must have the shape (height, width), with 1 to 4 channels behind it if any, not {shape}.",
                shape=array.shape,
            )
        )
    if not array.size:
        raise DrawingError(
            _("A picture must have at least 1×1 pixels, this one has the shape {shape}.", shape=array.shape)
        )
    if array.dtype.kind not in "buif":
        raise DrawingError(_("A picture must hold whole numbers, floats or bools, not {dtype}.", dtype=array.dtype))
    top = 1 if array.dtype.kind == "b" else _top(array.dtype, array.min(), array.max())
    return array.shape[:2], lambda first, last: array[first:last], top


def _top(dtype: np.dtype, low: float, high: float) -> float:
    """The value of full brightness, judged by what occurs."""
    if not np.isfinite(low) or not np.isfinite(high):
        raise DrawingError(_("Every pixel must be a number, and some of these are not (NaN or infinite)."))
    if dtype.kind == "f" and low >= 0 and high <= 1:
        return 1
    if low >= 0 and high <= BYTE:
        return BYTE
    if dtype.kind != "f" and low >= 0 and high <= WORD:
        return WORD
    told = {"dtype": dtype, "low": low, "high": high}
    if dtype.kind == "f":
        raise DrawingError(
            _(
                "Pixels of type {dtype} must lie from 0 to 1 or 0 to 255, these lie from {low:g} to {high:g}.",
                **told,
            )
        )
    raise DrawingError(
        _(
            "Pixels of type {dtype} must lie from 0 to 255 or 0 to 65535, these lie from {low:g} to {high:g}.",
            **told,
        )
    )


def _reduced(shape: tuple[int, int], strip: Callable, top: float) -> tuple[np.ndarray, np.ndarray | None]:
    """Means over blocks of whole pixels; (levels × alpha, alpha), or (levels, None) without an alpha channel."""
    block = -(-max(shape) // WORKING_SIDE)
    # blocks that start in a row, as many as fit in about a million pixels
    rows = block * max(1, 2**20 // (block * shape[1]))
    parts = []
    for first in range(0, shape[0], rows):
        last = min(first + rows, shape[0])
        parts.append(_means(_channels(strip(first, last), top), block))
    whole = np.concatenate(parts, axis=1)
    return (whole[0], None) if len(whole) == 1 else (whole[0], whole[1])


def _channels(pixels: np.ndarray, top: float) -> np.ndarray:
    """(1, h, w) levels, or (2, h, w) levels × alpha and alpha, float32 in [0, 1]."""
    values = pixels.astype(np.float32) / np.float32(top)
    if values.ndim == 2:
        return values[np.newaxis]
    colours = values.shape[2] - (values.shape[2] in (2, 4))
    levels = values[..., 0] if colours == 1 else values[..., :3] @ LUMA
    if colours == values.shape[2]:
        return levels[np.newaxis]
    return np.stack([levels * values[..., -1], values[..., -1]])


def _means(channels: np.ndarray, block: int) -> np.ndarray:
    if block == 1:
        return channels
    for axis in (1, 2):
        starts = np.arange(0, channels.shape[axis], block)
        counts = np.diff(starts, append=channels.shape[axis]).astype(np.float32)
        channels = np.add.reduceat(channels, starts, axis) / (counts[:, np.newaxis] if axis == 1 else counts)
    return channels


def _filled(levels: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """What is transparent gets the colour of paper: that of the picture, or the opposite of a lone ink's."""
    if alpha.min() > 0.999:
        return levels
    seen = alpha > 0.5
    if not seen.any():
        seen = alpha >= max(float(alpha.max()), 1e-6)
    if not seen.any():
        return np.zeros_like(levels)
    visible = levels[seen] / alpha[seen]
    low, middle, high = np.percentile(visible, [2, 50, 98])
    varied = high - low > VARIED
    paper = middle if varied else float(middle < 0.5)
    return levels + (1 - alpha) * np.float32(paper)
