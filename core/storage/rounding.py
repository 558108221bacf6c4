"""Weights in a few bits each: how many steps each is from zero, a whole number, with a step for every column.

A column is what one unit or one filter reads; its largest weight is `steps` steps away from zero. Weights of one column
are alike in size, so that little is lost: with 15 steps a weight is off by 2 % of the largest one at most on average,
less than what a mixed_bfloat16 training works with. What is small is kept as float16.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# what arrays may be kept as
KEPT = (np.dtype(np.float16), np.dtype(np.int8))
MOST_STEPS = 127
# numbers; all kernels and biases of the usual networks are below, the matrix behind Flatten is above
_LARGE = 100_000


@dataclass(frozen=True, eq=False)
class Rounded:
    """`values` float16 as they are, or int8 in steps of `step` (columns,) float32."""

    values: np.ndarray
    step: np.ndarray | None = None


def rounded(array: np.ndarray, steps: int) -> Rounded:
    """An array in less space, a large one in steps.

    Raises ValueError for more steps than a byte has, and for what is no finite number.
    """
    if not 1 <= steps <= MOST_STEPS:
        raise ValueError(f"A byte holds 1 to {MOST_STEPS} steps on each side of zero, not {steps}.")
    if not np.isfinite(array).all():
        raise ValueError("Weights that are rounded must be finite numbers.")
    return Rounded(array.astype(np.float16)) if array.size < _LARGE else in_steps(array, steps)


def in_steps(array: np.ndarray, steps: int) -> Rounded:
    """A kernel (…, columns) as int8, the largest of each column `steps` steps from zero; all are finite numbers."""
    largest = np.abs(array).max(axis=tuple(range(array.ndim - 1)), initial=0)
    step = np.where(largest > 0, largest / steps, 1).astype("<f4")
    return Rounded(np.rint(array / step).astype(np.int8), step)


def restored(values: np.ndarray, step: np.ndarray | None) -> np.ndarray:
    """float32 from what `rounded` gave; what was kept in full is given back as it is."""
    if step is not None:
        return values.astype(np.float32) * step
    return values.astype(np.float32) if values.dtype == np.float16 else values
