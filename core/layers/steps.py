"""One output value explained: which inputs it read, what they were multiplied with, what the sum is.

Worked out in numpy, for people, except for the two functions on Dropout: which values a seed drops, only Keras can say.
Tests hold every number to the one Keras computed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.layers.dropout import Dropout
from core.layers.shapes import Axis


@dataclass(frozen=True, eq=False)
class Window:
    """The patch of an input (height, width, channels) that one output cell reads.

    values: (kernel height, kernel width, channels), 0 where `inside` is False, i.e. over padding;
    rows, columns: input positions of the taps, out of range over padding.
    """

    values: np.ndarray
    inside: np.ndarray
    rows: range
    columns: range


@dataclass(frozen=True, eq=False)
class ConvStep:
    """products = window.values · kernel; total = their sum + bias, before the activation."""

    window: Window
    kernel: np.ndarray
    products: np.ndarray
    bias: float
    total: float


@dataclass(frozen=True, eq=False)
class PoolStep:
    """The window of one channel, the result, and for max the input (row, column) that won (first in a tie)."""

    window: Window
    total: float
    winner: tuple[int, int] | None


@dataclass(frozen=True, eq=False)
class DenseStep:
    """products (features,) = inputs · weights of one unit; total = their sum + bias; ranked: feature
    positions from the product that pushes the unit up most to the one that pushes it down most."""

    products: np.ndarray
    bias: float
    total: float
    ranked: np.ndarray


def window(inputs: np.ndarray, axes: tuple[Axis, Axis], row: int, column: int) -> Window:
    """What output cell (row, column) reads of `inputs` (height, width, channels)."""
    rows, columns = axes[0].window(row), axes[1].window(column)
    r, c = np.array(rows)[:, np.newaxis], np.array(columns)[np.newaxis, :]
    inside = (r >= 0) & (r < inputs.shape[0]) & (c >= 0) & (c < inputs.shape[1])
    values = inputs[np.clip(r, 0, inputs.shape[0] - 1), np.clip(c, 0, inputs.shape[1] - 1)]
    return Window(np.where(inside[..., np.newaxis], values, 0), inside, rows, columns)


def convolution(
    inputs: np.ndarray,
    kernel: np.ndarray,
    bias: np.ndarray | None,
    axes: tuple[Axis, Axis],
    cell: tuple[int, int, int],
) -> ConvStep:
    """Output cell (row, column, filter) of a Conv2D with `kernel` (height, width, channels, filters)."""
    patch = window(inputs, axes, cell[0], cell[1])
    taps = kernel[..., cell[2]]
    products = patch.values * taps
    offset = 0.0 if bias is None else float(bias[cell[2]])
    # float64: a person adds up exactly, and TensorFlow's float32 total differs by its own rounding only
    return ConvStep(patch, taps, products, offset, float(products.sum(dtype=np.float64) + offset))


def pooling(inputs: np.ndarray, kind: str, axes: tuple[Axis, Axis], cell: tuple[int, int, int]) -> PoolStep:
    """Output cell (row, column, channel) of max or average pooling; padding never counts."""
    patch = window(inputs, axes, cell[0], cell[1])
    values = np.where(patch.inside, patch.values[..., cell[2]], -np.inf if kind == "max" else 0)
    if kind == "max":
        r, c = np.unravel_index(values.argmax(), values.shape)
        return PoolStep(patch, float(values[r, c]), (patch.rows[r], patch.columns[c]))
    return PoolStep(patch, float(values.sum(dtype=np.float64) / patch.inside.sum()), None)


def winners(inputs: np.ndarray, axes: tuple[Axis, Axis]) -> np.ndarray:
    """int32 (output height, output width, channels): flat position row · width + column of the input pixel
    that won each max pooling window, the first in reading order where several are equal."""
    height, width, channels = inputs.shape
    rows = np.array([axes[0].window(cell) for cell in range(axes[0].output)])
    columns = np.array([axes[1].window(cell) for cell in range(axes[1].output)])
    r, c = rows[:, np.newaxis, :, np.newaxis], columns[np.newaxis, :, np.newaxis, :]
    inside = (r >= 0) & (r < height) & (c >= 0) & (c < width)
    patches = inputs[np.clip(r, 0, height - 1), np.clip(c, 0, width - 1)]
    patches = np.where(inside[..., np.newaxis], patches, -np.inf)
    best = patches.reshape(*patches.shape[:2], -1, channels).argmax(axis=2)
    tap_row, tap_column = np.divmod(best, axes[1].kernel)
    grid = np.indices(best.shape)
    return (rows[grid[0], tap_row] * width + columns[grid[1], tap_column]).astype(np.int32)


def dense(inputs: np.ndarray, kernel: np.ndarray, bias: np.ndarray | None, unit: int) -> DenseStep:
    """Unit `unit` of a Dense layer with `kernel` (features, units) on `inputs` (features,)."""
    products = inputs * kernel[:, unit]
    offset = 0.0 if bias is None else float(bias[unit])
    order = np.argsort(-products, kind="stable")
    return DenseStep(products, offset, float(products.sum(dtype=np.float64) + offset), order)


def dropout_mask(spec: Dropout, shape: tuple[int, ...]) -> np.ndarray:
    """bool `shape`: what a Dropout layer of `spec` keeps, read from Keras itself.

    A fresh layer with the same seed and input shape draws the same mask, so it is called on ones: a zero
    that was already in the real input cannot be mistaken for a dropped one.
    """
    ones = np.ones((1, *shape), np.float32)
    return np.asarray(spec.build()(ones, training=spec.training))[0] != 0


def dropout_average(spec: Dropout, inputs: np.ndarray, masks: int) -> float:
    """Mean output of Keras' Dropout over `masks` different masks of the same `inputs` (features,)."""
    copies = np.repeat(inputs[np.newaxis], masks, axis=0)  # one call draws a mask for every row
    return float(np.asarray(spec.build()(copies, training=spec.training)).mean(dtype=np.float64))


def flat_position(shape: tuple[int, int, int], row: int, column: int, channel: int) -> int:
    """Where Flatten puts (row, column, channel): (row · width + column) · channels + channel."""
    return (row * shape[1] + column) * shape[2] + channel


def unflat_position(shape: tuple[int, int, int], position: int) -> tuple[int, int, int]:
    """The (row, column, channel) that Flatten put at `position`."""
    rest, channel = divmod(position, shape[2])
    return (*divmod(rest, shape[1]), channel)
