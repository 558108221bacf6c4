"""Digits as pen strokes in the forms that people draw and MNIST hardly has, and a pen that draws many at once.

Slashed zeros, ones with a long flag and a foot, crossed sevens, nines with a curl: MNIST comes from American forms
and schools of the 1990s. The forms here were written down by hand as a few points each; a smooth curve runs through
them (Catmull-Rom), and every drawing moves them a little.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from core.mnist import CLASSES, SIZE

# Samples along each drawn form. At most half a pixel lies between two of them.
SAMPLES = 96
# Points in a box of 100×100, x to the right, y down; "/" lifts the pen, "!" makes a corner.
FORMS: dict[int, tuple[str, ...]] = {
    0: (
        "55,2 20,14 4,50 18,88 50,99 82,88 96,50 82,13 48,2 36,8",
        "55,2 20,14 4,50 18,88 50,99 82,88 96,50 82,13 48,2 36,8 / 88,6 50,50 12,95",
        "50,2 18,14 4,50 18,88 50,99 82,88 96,50 82,13 50,2 / 112,-8 50,50 -12,108",
        "82,12 50,0 16,14 2,50 16,88 50,100 86,84 98,48 84,14 62,4! 40,45 14,88",
        "50,2 20,14 6,50 20,88 50,98 80,88 94,50 80,13 50,2 / 72,25 28,76",
        "50,2 18,14 4,50 18,88 50,99 82,88 96,50 82,13 50,2 / 8,8 50,50 92,94",
        "50,14 30,22 20,50 30,80 50,88 70,80 80,50 70,22 50,14 / 104,-4 50,50 -4,104",
        "50,10 28,20 16,50 28,82 50,92 72,82 84,50 72,20 50,10 / 92,-2 50,50 8,102",
    ),
    1: (
        "50,0 50,100",
        "22,24 55,0! 55,100",
        "4,52 52,0! 52,100",
        "10,68 54,0! 56,100",
        "0,40 30,22 56,0! 50,100",
        "0,60 26,36 50,0! 48,100",
        "20,26 50,0! 50,100 / 12,100 88,100",
        "2,48 50,0! 50,100 / 14,99 90,99",
        "50,0 50,100 / 24,100 78,100",
        "28,10 50,2! 50,100! 22,99 80,99",
        "22,30 50,0! 50,96 / -20,100 120,98",
        "0,50 50,0! 46,96 / -14,98 126,98",
    ),
    2: (
        "8,25 25,4 60,0 85,20 75,48 35,80 5,98! 95,98",
        "8,22 30,2 65,2 85,22 70,55 30,85 8,95 8,80 30,78 55,92 98,96",
        "8,6 85,4! 10,98! 92,96",
        "5,32 18,6 55,0 80,20 65,55 10,98! 42,90 98,95",
        "20,15 55,0 85,15 80,45 40,75 15,92 5,85 18,75 45,88 75,98 100,85",
        "32,24 42,3 66,3 76,24 56,58 28,90 12,92 14,79 34,80 58,97 90,90",
        "20,30 26,6 58,0 74,18 66,48 34,86 16,98 8,86 26,76 50,88 78,100",
        "4,36 8,8 50,0 84,16 74,48 40,78 10,96! 60,92 96,98",
        "30,30 20,12 46,0 74,12 70,36 30,72 8,92 10,80 30,82 60,94 102,82",
        "46,34 32,24 38,6 56,0 70,12 64,38 34,82 12,98 4,88 20,80 46,94 88,92",
        "40,28 34,12 50,0 66,10 62,36 38,80 20,98 10,90 22,82 44,96 74,90",
    ),
    3: (
        "10,12 45,0 82,15 75,38 40,48! 80,55 92,78 60,98 8,90",
        "10,3 85,3! 42,42! 80,50 92,75 65,98 8,92",
        "10,10 50,0 85,18 65,42 38,50 44,43 62,46 90,65 80,92 45,100 6,88",
        "15,5 60,0 80,18 60,42 30,48! 70,52 85,75 55,98 10,98",
    ),
    4: (
        "20,2 8,55! 94,55 / 70,5 68,100",
        "25,0 6,48 22,58 92,52 / 68,20 62,100",
        "65,0! 5,65! 98,65 / 65,0 65,100",
        "70,100 70,0! 5,62! 100,62",
        "12,5 10,50! 76,50 / 80,0 70,100",
        "55,0 2,52! 100,52 / 60,30 50,100",
        "15,5 5,40 30,52 72,42 / 82,2 78,50 72,100",
        "58,0 2,52! 98,42! 70,100",
        "40,0 4,48! 96,58! 74,100",
        "30,0 14,40 24,56 60,52 84,40! 90,0! 74,60 66,100",
        "40,0 28,40 8,64 4,52 30,50 60,56 98,60 / 62,30 58,100",
        "48,0 8,62! 100,56 / 56,20 48,100",
    ),
    5: (
        "80,2 25,2! 20,42! 55,35 90,55 85,85 50,100 8,90",
        "25,2 20,42! 60,36 90,60 75,92 40,100 5,90 / 25,2 92,0",
        "85,5 40,2 15,20 25,42 65,50 88,72 65,96 8,95",
        "22,10 18,45! 55,38 85,60 75,90 35,100 5,92 / 32,4 98,-4",
        "95,4 38,6! 28,45! 65,42 84,62 70,88 30,100 0,98",
        "70,0 30,4! 30,35! 60,32 82,52 80,78 55,98 15,96 / 30,4 70,0",
        "20,8 16,40 50,45 84,62 72,92 36,100 8,88 / 20,6 84,2",
        "74,2 36,4! 30,40! 52,34 78,52 76,78 50,98 16,92",
        "60,0 34,6! 32,44! 64,46 86,66 70,94 36,100 10,84",
        "96,0 50,4 22,14! 34,46 70,50 88,70 66,96 24,100 4,88",
        "28,6 22,36! 56,30 90,52 86,84 46,100 2,84 / 28,6 60,8 100,-6",
        "94,12 64,0 40,10 20,32 40,46 76,56 82,80 50,100 10,92",
        "98,0 62,4 36,10 24,46! 56,38 86,62 72,94 34,100 10,86",
    ),
    6: (
        "70,0 30,30 8,65 20,95 55,100 85,85 80,60 50,52 14,70",
        "85,10 50,2 16,36 8,70 28,98 70,98 90,75 70,54 35,56 12,74",
        "45,0 12,55 8,82 35,100 75,95 88,72 62,55 14,72",
        "62,0 20,45 10,85 45,100 72,82 55,62 25,72 12,90",
        "60,0 34,14 10,58 20,94 60,98 86,74 72,48 44,44 18,66",
        "30,0 26,40 28,82 50,100 74,88 64,66 34,74",
        "52,0 26,24 8,66 26,98 66,96 84,68 62,44 32,52 14,76",
    ),
    7: (
        "5,5 92,5! 40,100",
        "5,5 92,5! 40,100 / 24,52 84,48",
        "8,24 8,5! 92,5! 45,100",
        "8,28 10,5! 90,5! 48,100 / 30,52 90,50",
        "5,10 50,10 95,2! 62,45 50,100",
        "4,24 14,4 50,8 94,4! 40,100 / 20,55 82,50",
        "5,8 60,5 88,20 75,60 50,100",
        "0,5 90,2! 60,50 30,100 / 30,45 88,55",
        "0,22 8,5 45,10 90,2! 62,50 42,100 / 20,58 86,45",
        "14,4 6,36! 30,14 95,5! 45,100 / 34,56 90,44",
        "12,38 2,18 40,7 95,10! 80,55 62,100",
        "20,36 2,24 16,6 60,8 94,6! 70,50 58,100 / 30,56 96,46",
        "10,36 4,14 30,4 70,12 92,4! 62,50 46,100 / 16,54 92,45",
    ),
    8: (
        "75,15 45,0 20,18 45,45 80,70 60,98 20,90 20,65 55,42 80,20 72,10",
        "50,0 20,22 50,45 80,22 50,0 / 50,45 10,72 50,100 90,72 50,45",
        "92,5 50,0 18,20 45,45 78,70 55,100 15,88 22,62 60,40 90,5",
        "50,45 22,22 50,0 78,20 50,45 15,74 50,100 85,74 50,45",
        "70,20 46,4 24,18 40,40 74,64 66,92 40,100 22,84 40,58 66,36 86,6",
        "62,12 46,2 34,14 50,32 86,60 72,96 28,98 12,70 44,36 66,16",
    ),
    9: (
        "85,20 50,0 15,22 30,48 65,45 85,18! 85,100",
        "85,15 45,0 12,25 35,48 80,25! 86,60 70,95 30,98 8,82",
        "85,20 50,0 14,22 32,46 70,42 85,18! 84,72 62,98 30,96 34,80 62,84",
        "80,10 45,0 15,20 30,45 68,40 88,10 84,50 60,100",
        "95,0 50,5 15,25 30,48 70,35 88,5! 75,60 55,100",
        "82,22 50,0 16,24 40,48 84,22! 80,75 50,100 12,96 4,78",
        "84,18 48,0 14,22 34,46 82,20! 82,66 64,98 38,100 34,88 56,80 94,84",
        "84,16 48,0 14,20 30,42 66,40 84,18! 70,60 30,98",
        "78,8 50,0 28,12 40,28 70,24 80,6! 86,50 70,92 30,100 0,84",
        "86,16 52,0 16,18 34,40 74,32 88,6! 78,60 62,100",
        "80,30 44,22 16,38 28,56 60,52 80,32 / 84,0 74,100",
    ),
}
# Usual width of a digit 20 pixels high.
WIDTHS = (13, 11, 14, 13, 14, 13, 12, 14, 12, 12)


def strokes_of(form: str) -> list[np.ndarray]:
    """The points (n, 2) of each stroke of a form as it is written in FORMS; a corner counts twice."""
    return [np.array([point for mark in stroke.split() for point in _point(mark)]) for stroke in form.split("/")]


def _point(mark: str) -> list[list[float]]:
    x, y = mark.rstrip("!").split(",")
    return [[float(x), float(y)]] * (1 + mark.endswith("!"))


def _curve(count: int, samples: int) -> np.ndarray:
    """(samples, count): the weights of the points in each sample of a Catmull-Rom curve through them."""
    t = np.linspace(0, count - 1, samples)
    first = np.minimum(t.astype(int), count - 2)
    u = t - first
    weights = 0.5 * np.stack([-u + 2 * u**2 - u**3, 2 - 5 * u**2 + 3 * u**3, u + 4 * u**2 - 3 * u**3, u**3 - u**2])
    curve = np.zeros((samples, count))
    for offset in range(4):
        np.add.at(curve, (np.arange(samples), np.clip(first + offset - 1, 0, count - 1)), weights[offset])
    return curve


@lru_cache(maxsize=256)
def _prepared(form: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Points (p, 2), which of them move together (corners stay whole), curve (SAMPLES, p), pen (SAMPLES,)."""
    strokes = strokes_of(form)
    points = np.concatenate(strokes)
    lengths = [float(np.hypot(*np.diff(stroke, axis=0).T).sum()) for stroke in strokes]
    ends = np.round(np.cumsum([0, *lengths]) / sum(lengths) * SAMPLES).astype(int)
    curve, down, start = np.zeros((SAMPLES, len(points))), np.ones(SAMPLES), 0
    for stroke, first, last in zip(strokes, ends, ends[1:], strict=False):
        curve[first:last, start : start + len(stroke)] = _curve(len(stroke), last - first)
        start += len(stroke)
    down[ends[:-1]] = 0  # the way from the stroke before is not drawn
    _, same = np.unique(points, axis=0, return_inverse=True)
    return points, same.reshape(-1), curve.astype(np.float32), down.astype(np.float32)


def written(labels: np.ndarray, widths: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Digits written from FORMS: labels (n,), pen widths in pixels (n,) → float32 (n, 28, 28) in [0, 1].

    About 20 pixels high and in the middle, not centred exactly.
    """
    path = np.zeros((len(labels), SAMPLES, 2), np.float32)
    down = np.zeros((len(labels), SAMPLES), np.float32)
    choice = rng.integers(0, 2**31, len(labels))
    for digit in range(CLASSES):
        forms = FORMS[digit]
        for number, form in enumerate(forms):
            chosen = np.flatnonzero((labels == digit) & (choice % len(forms) == number))
            if chosen.size:
                path[chosen], down[chosen] = _varied(form, WIDTHS[digit], chosen.size, rng)
    return ink_along(path, down, widths)


def _varied(form: str, width: float, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Paths (count, SAMPLES, 2) in pixels, each with points moved by about 4 % of the digit's size."""
    points, same, curve, down = _prepared(form)
    moved = points + rng.normal(0, 4.5, (count, same.max() + 1, 2))[:, same]
    size = np.stack([width * rng.uniform(0.7, 1.25, count), np.full(count, 19.0)], axis=1)
    pixels = (moved / 100 - 0.5) * size[:, None] + (SIZE - 1) / 2
    return np.einsum("sp,npd->nsd", curve, pixels.astype(np.float32)), down


def ink_along(path: np.ndarray, down: np.ndarray, widths: np.ndarray) -> np.ndarray:
    """What a round pen leaves: path (n, s, 2) as x, y in pixels, pen down (n, s) or (s,) from the sample before.

    widths: (n,) in pixels. Returns float32 (n, 28, 28) in [0, 1].
    A narrow Gaussian is summed along the path; the sum at a distance d from a line is proportional to exp(-d²/2σ²),
    which gives d back. Gaussians are products of a part in x and a part in y: the sum is one matrix product.
    """
    step = np.diff(path, axis=1, prepend=path[:, :1])
    lengths = np.hypot(step[..., 0], step[..., 1]) * down
    variance = np.float32(0.8**2)
    pixels = np.arange(SIZE, dtype=np.float32)
    right, below = (np.exp((pixels - path[..., axis, None]) ** 2 / (-2 * variance)) for axis in (0, 1))
    total = (below * lengths[..., None]).transpose(0, 2, 1) @ right
    on_line = np.sqrt(2 * np.pi * variance)
    distance = np.sqrt(np.maximum(-2 * variance * np.log(total / on_line + np.float32(1e-9)), 0))
    return np.clip(0.5 + widths.astype(np.float32)[:, None, None] / 2 - distance, 0, 1)
