"""The weights of layers whose values are sums of products: kernels and biases of all of them, from their arithmetic."""

from __future__ import annotations

import numpy as np

from core.layers import steps
from core.layers.arithmetic import Arithmetic
from core.layers.shapes import Axis
from core.layers.weight_use import CellSum, Place, WeightUse
from words import _, plural


def use_of(said: Arithmetic, name: str, position: int, inputs: np.ndarray) -> WeightUse:
    """The use of one weight of a layer that takes "products".

    name: "kernel" or "bias", as `said.arrays` has it; position: in that array in reading order, which is the order of
    `get_weights()` too; inputs: (height, width, channels) or (features,).
    """
    maps = inputs.reshape(1, 1, -1) if inputs.ndim == 1 else inputs
    kernel, bias = said.arrays["kernel"], said.arrays.get("bias")
    axes = said.window or (Axis(maps.shape[0], 1), Axis(maps.shape[1], 1))
    array = said.arrays[name]
    at = tuple(int(i) for i in np.unravel_index(position, array.shape))
    channel = at[-1]
    # a map that does not read all channels reads one of them
    first = 0 if said.all_channels else channel // (kernel.shape[-1] // maps.shape[-1])
    read = maps if said.all_channels else maps[..., first : first + 1]

    def step(place: Place) -> steps.ConvStep:
        row, column = place or (0, 0)
        return steps.convolution(read, kernel, bias, axes, (row, column, channel))

    if name == "bias":
        shape = () if inputs.ndim == 1 else (axes[0].output, axes[1].output)
        return WeightUse(channel, np.ones(shape), "1", lambda place: _bias_sum(step(place)))
    rows, columns = (
        np.array([axis.window(cell)[tap] for cell in range(axis.output)])
        for axis, tap in zip(axes, at[:2], strict=True)
    )
    factors = _read(read[..., at[2]].astype(np.float64), rows, columns)

    def kernel_sum(place: Place) -> CellSum:
        return _kernel_sum(step(place), at, bias is not None)

    if inputs.ndim == 1:
        return WeightUse(channel, factors[0, 0], _("input"), kernel_sum)
    return WeightUse(channel, factors, _("input"), kernel_sum, rows, columns)


def _read(values: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """What lies at these rows and columns, 0 beyond the ends."""
    inside = [(places >= 0) & (places < size) for places, size in zip((rows, columns), values.shape, strict=True)]
    clipped = [np.clip(places, 0, size - 1) for places, size in zip((rows, columns), values.shape, strict=True)]
    return np.where(np.outer(*inside), values[np.ix_(*clipped)], 0)


def _bias_sum(step: steps.ConvStep) -> CellSum:
    return CellSum(step.bias, ((_all(step.products.size), step.total - step.bias),))


def _kernel_sum(step: steps.ConvStep, at: tuple[int, ...], biased: bool) -> CellSum:
    own = float(step.products[at[:3]])
    others = step.products.astype(np.float64)
    others[at[:3]] = 0
    parts = [(_others(step.products.size - 1), float(others.sum()))] if step.products.size > 1 else []
    parts += [(_("the bias"), step.bias)] if biased else []
    window = step.products[..., at[2]]
    return CellSum(own, tuple(parts), *((window, (at[0], at[1])) if window.size > 1 else (None, None)))


def _others(count: int) -> str:
    return plural("the other product", "the other {count:,} products", count)


def _all(count: int) -> str:
    return plural("the one product", "all {count:,} products", count)
