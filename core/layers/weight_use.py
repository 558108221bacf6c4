"""Where a layer uses one of its weights: what the weight is multiplied with at each place of the map that it acts on.

In every kind with weights a value before the layer's function is weight · factor + what else is added there. So the
gradient of the weight is a sum over the places of that map: (gradient of the value there) · factor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Place = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class CellSum:
    """One value before the layer's function: own = weight · factor; others: what else is added, with its name.

    nearby: the products (height, width) of the window in the channel that the weight reads, and `tap`, the (row,
    column) of `own` among them; both None where no window with more than one pixel is read.
    """

    own: float
    others: tuple[tuple[str, float], ...]
    nearby: np.ndarray | None = None
    tap: tuple[int, int] | None = None

    @property
    def total(self) -> float:
        """The value itself."""
        return self.own + sum(amount for _name, amount in self.others)


@dataclass(frozen=True, eq=False)
class WeightUse:
    """One weight of a layer on one input.

    map: the output map or unit that it acts on. factors: float64, its multiplier at each place of that map, (height,
    width), or () in a row; 0 where it lies over padding. factor: what the multiplier is, in a word, "1" where
    it is always 1. sum_at: a place,
    (row, column) or (), → the sum that the value there is. rows, columns: of the input, what each output row and column
    reads through this weight, beyond the ends over padding; None where it reads no map.
    """

    map: int
    factors: np.ndarray
    factor: str
    sum_at: Callable[[Place], CellSum]
    rows: np.ndarray | None = None
    columns: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class GradientSum:
    """terms: float64, delta · factor at each place of the weight's map; ranked: its flat places, the largest |term|
    first."""

    deltas: np.ndarray
    factors: np.ndarray
    terms: np.ndarray
    ranked: np.ndarray

    @property
    def total(self) -> float:
        """The weight's gradient."""
        return float(self.terms.sum())

    @property
    def places(self) -> int:
        """Number of terms."""
        return self.terms.size

    @property
    def counting(self) -> int:
        """Number of terms that are not 0."""
        return int(np.count_nonzero(self.terms))

    def place(self, rank: int) -> Place:
        """Where the term of this rank, from 0, stands: (row, column), or () in a row."""
        return tuple(int(i) for i in np.unravel_index(self.ranked[rank], self.terms.shape)) if self.terms.ndim else ()


def gradient_sum(use: WeightUse, deltas: np.ndarray) -> GradientSum:
    """deltas: gradients of the layer's values before its function, in the shape of its output."""
    here = np.asarray(deltas[..., use.map], np.float64)
    terms = here * use.factors
    ranked = np.argsort(-np.abs(terms), axis=None, kind="stable")
    return GradientSum(here, use.factors, terms, ranked)
