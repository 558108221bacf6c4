"""Strokes added to MNIST's digits where a person would put them: slashes, flags, feet and crossbars."""

from __future__ import annotations

import numpy as np

from core.augmentation.stroke_forms import ink_along
from core.data.mnist import SIZE

# Share of the zeros, ones and sevens that get something; a one gets one kind of foot at most.
SLASHED, FLAGGED, FOOTED, HOOKED, CROSSED = 0.35, 0.45, 0.25, 0.2, 0.35
# Of the slashes, those that stand upright, and those that lean to the left.
UPRIGHT, LEFTWARD = 0.3, 0.1
SAMPLES = 48
# A one's flag lies at most this far from the vertical, in radians.
LEVELLEST = 1.0
INK = 100


def added(ink: np.ndarray, labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Ink float32 (n, 28, 28), values 0-255, with the strokes drawn in; the input is not changed."""
    result = ink.copy()
    feet = rng.random(len(ink))
    for digit, low, high, lines in (
        (0, 0, SLASHED, _slashes),
        (1, 0, FOOTED, _feet),
        (1, FOOTED, FOOTED + HOOKED, _hooks),
        (1, 0, FLAGGED, _flags),
        (7, 0, CROSSED, _crossbars),
    ):
        chosen = np.flatnonzero(labels == digit)
        lot = (feet if lines in (_feet, _hooks) else rng.random(len(ink)))[chosen]
        chosen = chosen[(lot >= low) & (lot < high)]
        if chosen.size:
            start, bend, end = lines(ink[chosen], rng)
            pen = np.clip(_widths(ink[chosen]) * rng.uniform(0.75, 1.15, chosen.size), 1.2, 4.5)
            strokes = 255 * ink_along(_curves(start, bend, end), np.ones(SAMPLES, np.float32), pen)
            result[chosen] = np.maximum(result[chosen], strokes)
    return result


def _curves(start: np.ndarray, bend: np.ndarray, end: np.ndarray) -> np.ndarray:
    """(n, SAMPLES, 2): from start to end, (n, 2) each, pulled aside in the middle by bend (n, 2)."""
    t = np.linspace(0, 1, SAMPLES)[:, None]
    straight = start[:, None] * (1 - t) + end[:, None] * t
    return (straight + 4 * t * (1 - t) * bend[:, None]).astype(np.float32)


def _widths(ink: np.ndarray) -> np.ndarray:
    """(n,): mean line width in pixels, twice the area over the outline."""
    down, right = np.diff(ink, axis=1)[:, :, 1:], np.diff(ink, axis=2)[:, 1:]
    return 2 * ink.sum(axis=(1, 2)) / np.maximum(np.hypot(down, right).sum(axis=(1, 2)), 1)


def _boxes(ink: np.ndarray) -> tuple[np.ndarray, ...]:
    """left, top, right, bottom (n,) of the pixels with ink, as indexes."""
    solid = ink > INK
    rows, columns = (np.asarray(solid.any(axis=axis)) for axis in (2, 1))
    last = SIZE - 1
    return (
        columns.argmax(axis=1),
        rows.argmax(axis=1),
        last - columns[:, ::-1].argmax(axis=1),
        last - rows[:, ::-1].argmax(axis=1),
    )


def _middle_of_row(ink: np.ndarray, row: np.ndarray) -> np.ndarray:
    """(n,): where the ink of one row (and the two beside it) has its middle, in x."""
    each = np.arange(len(ink))
    rows = sum(ink[each, np.clip(row + step, 0, SIZE - 1)] for step in (-1, 0, 1)) + 1e-3
    return rows @ np.arange(SIZE, dtype=np.float32) / rows.sum(axis=1)


def _points(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.stack([x, y], axis=1)


def _bends(count: int, size: float, rng: np.random.Generator) -> np.ndarray:
    return rng.normal(0, size, (count, 2))


def _slashes(ink: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mostly from the lower left to the upper right, or upright, inside a zero or out of it."""
    left, top, right, bottom = _boxes(ink)
    count = len(ink)
    reach = rng.uniform(0.55, 1.15, (2, count))
    kind = rng.random(count)
    lean = np.where(kind < LEFTWARD, -1, 1) * rng.uniform(0.5, 1.05, count)
    lean = np.where(kind > 1 - UPRIGHT, rng.normal(0, 0.15, count), lean)
    x, y = (left + right) / 2 + rng.normal(0, 0.7, count), (top + bottom) / 2 + rng.normal(0, 0.7, count)
    wide, high = np.maximum(right - left, 8) / 2 * lean, (bottom - top) / 2 * rng.uniform(0.6, 1.15, count)
    start, end = _points(x + wide * reach[0], y - high * reach[0]), _points(x - wide * reach[1], y + high * reach[1])
    return start, _bends(count, 0.6, rng), end


def _flags(ink: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """From a one's top down to the left, short or nearly as long as the stem; always steeper than a seven's bar."""
    _, top, _, bottom = _boxes(ink)
    count = len(ink)
    high = bottom - top
    length = high * rng.uniform(0.2, 0.9, count)
    from_stem = np.radians(rng.uniform(25, 57, count))
    x = _middle_of_row(ink, top + 1)
    slant = np.arctan2(x - _middle_of_row(ink, bottom - 1), np.maximum(high, 1))
    # measured from the stem, which itself leans; but a level flag on a slanted stem would make it a seven
    angle = np.minimum(from_stem + slant, LEVELLEST)
    end = _points(x - length * np.sin(angle), top + 0.5 + length * np.cos(angle))
    return _points(x, top + 0.5), _bends(count, 0.7, rng), end


def _feet(ink: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A level line under a one."""
    _, _, _, bottom = _boxes(ink)
    count = len(ink)
    x, y = _middle_of_row(ink, bottom - 1), bottom - 0.5 + rng.normal(0, 0.4, count)
    reach, tilt = rng.uniform(2.5, 8.5, (2, count)), rng.normal(0, 0.5, count)
    return _points(x - reach[0], y + tilt), _bends(count, 0.3, rng), _points(x + reach[1], y - tilt)


def _hooks(ink: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The end of a one's stem, turned up a little to the right (one in four to the left), as a hasty pen leaves it."""
    _, _, _, bottom = _boxes(ink)
    count = len(ink)
    x, y = _middle_of_row(ink, bottom - 1), bottom - 0.5
    side = np.where(rng.random(count) < 0.25, -1, 1)
    length, rise = rng.uniform(2, 6, count), np.radians(rng.uniform(-5, 55, count))
    end = _points(x + side * length * np.cos(rise), y - length * np.sin(rise))
    # the turn is round: the middle of the hook hangs below the straight line
    sag = np.stack([rng.normal(0, 0.2, count), length * rng.uniform(0.02, 0.2, count)], axis=1)
    return _points(x, y), sag, end


def _crossbars(ink: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A level line through a seven's stem, around half of its height."""
    _, top, _, bottom = _boxes(ink)
    count = len(ink)
    y = top + (bottom - top) * rng.uniform(0.42, 0.66, count)
    x = _middle_of_row(ink, np.rint(y).astype(int))
    reach, tilt = rng.uniform(2.5, 6.5, (2, count)), rng.normal(0, 1.0, count)
    return _points(x - reach[0], y + tilt), _bends(count, 0.4, rng), _points(x + reach[1], y - tilt)
