"""Dense: every unit weighs every input."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.layers import products
from core.layers.activation import FUNCTIONS
from core.layers.arithmetic import Arithmetic
from core.layers.initializers import INITIALIZERS, Constant, Random
from core.layers.layer import Layer, Shape
from core.layers.weight_use import WeightUse
from words import N_, _


@dataclass(frozen=True)
class Dense(Layer):
    """A `keras.layers.Dense`. On maps Keras applies it to the channels of every pixel."""

    units: int = 32
    activation: str = "relu"
    use_bias: bool = True
    bias: float = 0.0
    kernel_initializer: str = "glorot_uniform"
    seed: int = 0

    positional = ("units",)
    defaults = {
        "activation": "linear",
        "use_bias": True,
        "bias_initializer": Constant(0.0),
    }
    own_defaults = {"bias": 0.0, "kernel_initializer": "glorot_uniform", "seed": 0}
    options = {
        "activation": FUNCTIONS,
        "kernel_initializer": tuple(INITIALIZERS),
    }
    limits = {"units": (1, 4096), "seed": (0, 999_999)}
    words = {"Dense": {}}
    kernel_axes = N_("inputs, units")

    def config(self) -> dict[str, object]:
        """The bias has an initializer only where there is a bias."""
        config = {
            "units": self.units,
            "activation": self.activation,
            "use_bias": self.use_bias,
            "kernel_initializer": Random(self.kernel_initializer, self.seed),
        }
        return {**config, "bias_initializer": Constant(self.bias)} if self.use_bias else config

    def output_shape(self, shape: Shape) -> Shape:
        """(units,) for a row; on maps the last axis becomes the units."""
        return (*shape[:-1], self.units)

    def arithmetic(self, shape: Shape, weights: Sequence[np.ndarray] = ()) -> Arithmetic:
        """A window of one pixel whose channels are the inputs: that is what it is on maps, too."""
        kernel, *bias = weights
        arrays = {"kernel": kernel[np.newaxis, np.newaxis], **dict(zip(("bias",), bias, strict=False))}
        return Arithmetic("products", None, True, self.activation, arrays=arrays)

    def weight_use(self, name: str, position: int, inputs: np.ndarray, weights: Sequence[np.ndarray]) -> WeightUse:
        """A kernel value reads one input; on maps, one channel of every pixel."""
        return products.use_of(self.arithmetic(inputs.shape, weights), name, position, inputs)

    def weight_shapes(self, shape: Shape) -> list[Shape]:
        """As `get_weights()` returns them: kernel (features, units), bias (units,)."""
        shapes: list[Shape] = [(shape[-1], self.units)]
        return [*shapes, (self.units,)] if self.use_bias else shapes

    def weights_in_words(self, shape: Shape) -> str:
        """Every input times every unit."""
        if self.use_bias:
            return _("{inputs:,} inputs times {units:,} units, and their biases", inputs=shape[-1], units=self.units)
        return _("{inputs:,} inputs times {units:,} units", inputs=shape[-1], units=self.units)

    def multiply_adds(self, shape: Shape) -> int:
        """One for every value of the kernel, at each position of the maps."""
        return math.prod(shape) * self.units
