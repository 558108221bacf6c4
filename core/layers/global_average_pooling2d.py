"""GlobalAveragePooling2D: of every map only its mean is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.layers.arithmetic import Arithmetic
from core.layers.layer import Layer, Shape, needs_maps
from core.layers.shapes import Axis


@dataclass(frozen=True)
class GlobalAveragePooling2D(Layer):
    """A `keras.layers.GlobalAveragePooling2D`: (height, width, channels) → (channels,).

    Lin, Chen and Yan, "Network in network" (2013), section 3.2: in place of Flatten it needs far fewer weights behind
    it, and forgets where in a map something was.
    """

    fixed = {"data_format": "channels_last", "keepdims": False}
    words = {"GlobalAveragePooling2D": {}}
    aliases = {"GlobalAvgPool2D": {}}

    def problem(self, shape: Shape) -> str | None:
        """One sentence why Keras would refuse this layer on `shape`, or None."""
        return needs_maps(self.title, shape)

    def output_shape(self, shape: Shape) -> Shape:
        """(channels,)."""
        return shape[-1:]

    def arithmetic(self, shape: Shape, weights: Sequence[np.ndarray] = ()) -> Arithmetic:
        """The mean of a window as large as the map."""
        return Arithmetic("mean", (Axis(shape[0], shape[0]), Axis(shape[1], shape[1])))


@dataclass(frozen=True, eq=False)
class MeanStep:
    """The mean of one map (height, width): its sum divided by its number of values."""

    values: np.ndarray
    sum: float
    count: int
    total: float


def global_average(inputs: np.ndarray, channel: int) -> MeanStep:
    """What GlobalAveragePooling2D leaves of one channel of `inputs` (height, width, channels)."""
    values = inputs[..., channel]
    whole = float(values.sum(dtype=np.float64))
    return MeanStep(values, whole, values.size, whole / values.size)
