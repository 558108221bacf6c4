"""Where the ink of a picture is: paper and its shading taken away, polarity decided, specks removed."""

from __future__ import annotations

import numpy as np
from PIL import Image

from core.drawing import refusals
from core.drawing.grayscale import DrawingError, grey
from words import _

INK_CHOICES = ("auto", "light", "dark")
# Paper whose grey levels stay this close together needs no model of its shading.
FLAT = 0.03
FLAT_SHARE = 0.35
# In smaller pictures a digit leaves too little paper to see shading on.
LEAST_SHADED = 32
LEAST_CONTRAST = 0.08
# Ink stands out from the noise of the paper at least this many times.
OVER_NOISE = 6.0
# More than this is no digit any more. The widest pen that people draw with covers a third of a tight picture.
MOST_INK = 0.6
SPECK = 0.04
# Finding separate parts is done on at most this many pixels a side.
COARSE_SIDE = 96


def find_ink(image: Image.Image | np.ndarray, ink: str = "auto") -> np.ndarray:
    """Ink float32 (h, w) in [0, 1], 1 full ink, at working size.

    ink: "light" or "dark" where it is known, else what there is less of. Raises DrawingError for blank pictures,
    for pictures covered with ink, and for what `core.drawing.grayscale.grey` refuses.
    """
    if ink not in INK_CHOICES:
        raise DrawingError(_("The ink must be one of {choices}, not {ink!r}.", choices=", ".join(INK_CHOICES), ink=ink))
    levels = grey(image)
    if levels.max() - levels.min() < LEAST_CONTRAST:
        raise DrawingError(_(refusals.BLANK))
    paper = _paper(levels, ink)
    above = levels - paper
    if paper.ndim and paper.mean() > 0.4:
        # ink takes away a part of the light, so where there is less light the difference is smaller
        above /= np.maximum(paper, 0.1)
    if ink == "auto":
        above = above if _is_light(above) else -above
    elif ink == "dark":
        above = -above
    return _stretched(above)


def _paper(levels: np.ndarray, ink: str) -> np.ndarray | np.float32:
    """The paper's grey level at every pixel: one number for drawings, a curved surface for photos."""
    low, high = float(levels.min()), float(levels.max())
    if ink != "auto" and np.mean(np.minimum(levels - low, high - levels) < 2 * FLAT) > MOST_INK:
        return np.float32(low if ink == "light" else high)
    counts, edges = np.histogram(levels, bins=round(1 / FLAT), range=(0, 1))
    near = counts + np.append(counts[1:], 0)
    start = int(near.argmax())
    if near[start] > FLAT_SHARE * levels.size or min(levels.shape) < LEAST_SHADED:
        return _flat_paper(levels, edges[start], edges[min(start + 2, len(edges) - 1)])
    return _surface(levels)


def _flat_paper(levels: np.ndarray, low: float, high: float) -> np.float32:
    """One level. Where ink and paper cover about the same area, paper is what the edge of the picture is made of."""
    middle = (float(levels.min()) + float(levels.max())) / 2
    light = levels > middle
    edge = np.concatenate([light[0], light[-1], light[:, 0], light[:, -1]])
    is_light = float(light.mean()) + float(edge.mean()) > 1
    side = levels[light == is_light]
    inside = side[(side >= low) & (side <= high)]
    return np.float32(np.median(inside if inside.size else side))


def _surface(levels: np.ndarray) -> np.ndarray:
    """Light that falls unevenly: a quadratic surface through the paper, fitted again without what lies far off.

    Least squares with Tukey's weights; starts from the edges and is led by the majority.
    """
    coarse = _shrunk(levels, 64)
    basis = _quadratic(coarse.shape)
    values = coarse.ravel().astype(np.float64)
    weights = np.ones_like(values)
    for _round in range(12):
        solution, *_rest = np.linalg.lstsq(basis * weights[:, None], values * weights, rcond=None)
        off = np.abs(values - basis @ solution)
        limit = max(3 * float(np.median(off)), 0.02)
        weights = np.clip(1 - (off / limit) ** 2, 0, 1)
    return (_quadratic(levels.shape) @ solution).reshape(levels.shape).astype(np.float32)


def _quadratic(shape: tuple[int, int]) -> np.ndarray:
    down, right = (((np.arange(n) + 0.5) / n * 2 - 1) for n in shape)
    y, x = (axis.ravel() for axis in np.meshgrid(down, right, indexing="ij"))
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1)


def _shrunk(picture: np.ndarray, side: int) -> np.ndarray:
    scale = side / max(picture.shape)
    if scale >= 1:
        return picture
    size = [max(1, round(n * scale)) for n in picture.shape[::-1]]
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BOX))


def _is_light(above: np.ndarray) -> bool:
    """Ink is what reaches further from the paper; counted in squares, so that paper's noise has no say."""
    return float(np.square(above.clip(0)).sum()) > float(np.square((-above).clip(0)).sum())


def _stretched(above: np.ndarray) -> np.ndarray:
    """Full ink to 1, paper with its noise to 0."""
    smooth = _smoothed(above) if min(above.shape) >= 64 else above
    full = float(smooth.max())
    covered = float(np.mean(above > full / 2))
    if full >= LEAST_CONTRAST and covered > MOST_INK:
        raise DrawingError(_(refusals.COVERED, percent=round(100 * covered)))
    noise = 1.4826 * float(np.median(np.abs(above[above < full / 2])))
    if full < max(LEAST_CONTRAST, OVER_NOISE * noise):
        raise DrawingError(_(refusals.FAINT))
    floor = min(0.4, max(0.02, 3 * noise / full))
    return np.clip((above / full - floor) / (0.9 - floor), 0, 1).astype(np.float32)


def _smoothed(picture: np.ndarray) -> np.ndarray:
    padded = np.pad(picture, 1, mode="edge")
    rows = padded[:-2] + padded[1:-1] + padded[2:]
    return (rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / 9


def main_ink(ink: np.ndarray) -> np.ndarray:
    """The digit's own ink: parts with less than 4 % of the largest part's ink are specks and go.

    Raises DrawingError for one solid spot, and for a picture strewn with parts, as a scribble leaves them.
    """
    step = -(-max(ink.shape) // COARSE_SIDE)
    coarse = _blocks(ink, step)
    parts = _parts(coarse > 0.15)
    sums = np.bincount(parts.ravel(), weights=_blocks_mean(ink, step).ravel())
    sums[0] = 0
    kept = sums >= SPECK * sums.max()
    if kept.sum() > 6:
        raise DrawingError(_(refusals.STREWN, count=int(kept.sum())))
    mask = np.repeat(np.repeat(kept[parts], step, 0), step, 1)[: ink.shape[0], : ink.shape[1]]
    digit = np.where(mask, ink, np.float32(0))
    if not (digit > 0.3).any():
        raise DrawingError(_(refusals.FAINT))
    _refuse_spots(digit)
    return digit


def _refuse_spots(ink: np.ndarray) -> None:
    solid = ink > 0.3
    rows, columns = np.flatnonzero(solid.any(axis=1)), np.flatnonzero(solid.any(axis=0))
    height, width = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    filled = float(solid.sum()) / (height * width)
    squareness = min(height, width) / max(height, width)
    compact = (filled > 0.74 and squareness > 0.8) or (filled > 0.92 and squareness > 0.5)
    # a fat zero or eight fills its box as well, but not without a hole or a waist
    if compact and min(_gapless(solid), _gapless(solid.T)) > 0.99:
        raise DrawingError(_(refusals.SPOT))


def _gapless(solid: np.ndarray) -> float:
    """Share of ink between the first and the last ink of each row."""
    rows = solid[solid.any(axis=1)]
    spans = rows.shape[1] - rows[:, ::-1].argmax(axis=1) - rows.argmax(axis=1)
    return float(solid.sum() / spans.sum())


def _blocks(picture: np.ndarray, step: int) -> np.ndarray:
    """The largest value in each block of step×step pixels."""
    rows = np.maximum.reduceat(picture, np.arange(0, picture.shape[0], step), axis=0)
    return np.maximum.reduceat(rows, np.arange(0, picture.shape[1], step), axis=1)


def _blocks_mean(picture: np.ndarray, step: int) -> np.ndarray:
    rows = np.add.reduceat(picture, np.arange(0, picture.shape[0], step), axis=0)
    return np.add.reduceat(rows, np.arange(0, picture.shape[1], step), axis=1)


def _parts(solid: np.ndarray) -> np.ndarray:
    """A number from 1 for each connected part (8 neighbours), 0 where there is none."""
    from scipy import ndimage  # takes 0.15 s, which no page waits for until something is drawn

    return ndimage.label(solid, structure=np.ones((3, 3)))[0]
