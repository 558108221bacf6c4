"""Flatten: maps become one row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.layers.arithmetic import Arithmetic
from core.layers.layer import Layer, Shape


@dataclass(frozen=True)
class Flatten(Layer):
    """A `keras.layers.Flatten`: (height, width, channels) → (height · width · channels,)."""

    fixed = {"data_format": "channels_last"}
    words = {"Flatten": {}}

    def output_shape(self, shape: Shape) -> Shape:
        """One axis as long as all the others multiplied."""
        return (math.prod(shape),)

    def arithmetic(self, shape: Shape, weights: Sequence[np.ndarray] = ()) -> Arithmetic:
        """Nothing changes but the order."""
        return Arithmetic("order")
