"""What a histogram panel says of an array: counts over given bins, and the numbers beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Summary:
    """min, max, mean in the array's unit; zeros and negatives as a share from 0 to 1 of all `size` values."""

    minimum: float
    maximum: float
    mean: float
    zeros: float
    negatives: float
    size: int


def summary(values: np.ndarray) -> Summary:
    """The numbers of a non-empty array; the mean is taken in float64."""
    return Summary(
        float(values.min()),
        float(values.max()),
        float(values.mean(dtype=np.float64)),
        float((values == 0).mean()),
        float((values < 0).mean()),
        values.size,
    )


def shared_edges(*arrays: np.ndarray, bins: int = 40) -> np.ndarray:
    """(bins + 1,) edges that cover all `arrays`, so that their histograms can be compared.

    Zero is always an edge between two bins where values lie on both sides: a bar never mixes signs.
    """
    low = min(float(array.min()) for array in arrays)
    high = max(float(array.max()) for array in arrays)
    if low == high:
        margin = max(0.5, abs(low) * 1e-6)  # half a unit is nothing beside 1e30
        low, high = low - margin, high + margin
    if low < 0 < high:
        # of all ways to share the bins between the two sides, the one with the narrowest
        width, below = min((max(-low / n, high / (bins - n)), n) for n in range(1, bins))
        return np.arange(-below, bins - below + 1) * width
    return np.linspace(low, high, bins + 1)


def histogram(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """(bins,) int counts; values at the outermost edges are counted whatever rounding did to the edges."""
    return np.histogram(np.clip(values, edges[0], edges[-1]), edges)[0]


def fixed_edges(low: float, high: float, bins: int = 40) -> np.ndarray:
    """(bins + 1,) edges from `low` to `high`, whatever the values: pictures of two settings can be compared."""
    return np.linspace(low, high, bins + 1)


def inside(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """(n,) those of `values` that fixed edges show; `plt.hist(values, range=…)` leaves out the others too."""
    return values[(values >= edges[0]) & (values <= edges[-1])]


def spread_pairs(inputs: np.ndarray, outputs: np.ndarray, most: int = 200) -> tuple[np.ndarray, np.ndarray]:
    """At most `most` real (input, output) pairs of an elementwise layer, evenly spread over the sorted inputs,
    the smallest and the largest among them."""
    order = np.argsort(inputs, axis=None)
    picked = order[np.linspace(0, order.size - 1, min(most, order.size)).round().astype(int)]
    return inputs.ravel()[picked], outputs.ravel()[picked]
