"""What all layers share that slide kernels of their own over maps: the window, its extents, their weights' tables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.layers import products
from core.layers.activation import FUNCTIONS
from core.layers.initializers import Constant
from core.layers.layer import KERNEL_MISFIT, Layer, Shape, misfit, needs_maps
from core.layers.shapes import PADDINGS, Axis
from core.layers.weight_use import WeightUse


class Convolution(Layer):
    """A layer with the fields kernel_size, strides, padding, dilation_rate, activation, use_bias, bias and seed."""

    # fields of the kinds themselves, each with its own default
    kernel_size: tuple[int, int]
    strides: tuple[int, int]
    padding: str
    dilation_rate: tuple[int, int]

    defaults = {
        "strides": (1, 1),
        "padding": "valid",
        "dilation_rate": (1, 1),
        "activation": "linear",
        "use_bias": True,
        "bias_initializer": Constant(0.0),
    }
    own_defaults = {"bias": 0.0, "seed": 0}
    fixed = {"data_format": "channels_last"}
    options = {"padding": PADDINGS, "activation": FUNCTIONS}
    limits = {"kernel_size": (1, 28), "strides": (1, 28), "dilation_rate": (1, 28), "seed": (0, 999_999)}

    def axes(self, shape: Shape) -> tuple[Axis, Axis]:
        """Height and width of this layer on an input of `shape`."""
        height, width = (
            Axis(shape[i], self.kernel_size[i], self.strides[i], self.padding, self.dilation_rate[i]) for i in (0, 1)
        )
        return height, width

    def problem(self, shape: Shape) -> str | None:
        """One sentence why Keras would refuse this layer on `shape`, or None."""
        if problem := needs_maps(self.title, shape):
            return problem
        if self.padding == "valid":
            height, width = self.axes(shape)
            return misfit(KERNEL_MISFIT, (height.extent, width.extent), shape)
        return None

    def weight_use(self, name: str, position: int, inputs: np.ndarray, weights: Sequence[np.ndarray]) -> WeightUse:
        """A kernel value reads a pixel at every place of its map, a bias counts once at each."""
        said = self.arithmetic(inputs.shape, weights)
        assert said is not None, "sums of products"
        return products.use_of(said, name, position, inputs)
