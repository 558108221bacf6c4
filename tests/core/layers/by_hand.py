"""The oracle of what a layer says of its arithmetic: plain loops."""

from __future__ import annotations

import keras
import numpy as np

from core.layers.arithmetic import Arithmetic
from core.layers.shapes import Axis
from core.network.activations import LayerResult


def of_cells(result: LayerResult) -> np.ndarray:
    """The output, from `cell`, `axes` and `map_kernels` alone."""
    inputs, spec = result.inputs, result.spec
    cell = spec.cell()
    kernel, bias = spec.map_kernels(result.weights) if cell.takes == "products" else (None, None)
    arrays = {name: array for name, array in {"kernel": kernel, "bias": bias}.items() if array is not None}
    return output(
        Arithmetic(cell.takes, spec.axes(inputs.shape), cell.all_channels, cell.function, arrays=arrays), inputs
    )


def output(said: Arithmetic, inputs: np.ndarray) -> np.ndarray:
    """The output (height, width, maps) of an input (height, width, channels), from what a layer says alone."""
    if said.takes == "order":
        return inputs.reshape(1, 1, -1)
    height, width = said.window or (Axis(inputs.shape[0], 1), Axis(inputs.shape[1], 1))
    channels = inputs.shape[-1]
    maps = said.arrays["kernel"].shape[-1] if said.takes == "products" else channels
    found = np.zeros((height.output, width.output, maps))
    for row, column, map in np.ndindex(found.shape):
        read = range(channels) if said.all_channels else [map // (maps // channels)]
        taps = [
            (i, j, r, c)
            for i, r in enumerate(height.window(row))
            for j, c in enumerate(width.window(column))
            if 0 <= r < inputs.shape[0] and 0 <= c < inputs.shape[1]
        ]
        values = [inputs[r, c, channel] for _, _, r, c in taps for channel in read]
        match said.takes:
            case "products":
                weights = [said.arrays["kernel"][i, j, k, map] for i, j, _, _ in taps for k in range(len(read))]
                found[row, column, map] = np.dot(values, weights) + said.arrays.get("bias", np.zeros(maps))[map]
            case "maximum":
                found[row, column, map] = max(values)
            case "mean":
                found[row, column, map] = np.mean(values)
            case "value":
                (found[row, column, map],) = values
            case "scaling":
                found[row, column, map] = values[0] * said.arrays["factor"][map] + said.arrays["shift"][map]
    function = keras.activations.get(said.function)
    if said.parameter is None:
        return np.asarray(function(found))
    return np.asarray(function(found, said.parameter))
