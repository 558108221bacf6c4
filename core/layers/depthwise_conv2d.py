"""DepthwiseConv2D: every channel has kernels of its own, and no channel sees another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.layers.cell import Cell
from core.layers.convolution import Convolution
from core.layers.initializers import INITIALIZERS, Constant, Random
from core.layers.layer import Shape, needs_maps, pair
from core.layers.shapes import Axis
from core.layers.steps import ConvStep, convolution
from words import N_, _


@dataclass(frozen=True)
class DepthwiseConv2D(Convolution):
    """A `keras.layers.DepthwiseConv2D`: `depth_multiplier` kernels for each channel, drawn with `seed`.

    Of input channel c, kernel d gives output channel c · depth_multiplier + d. (Chollet, "Xception: deep learning with
    depthwise separable convolutions", 2017, puts a Conv2D of 1×1 behind it, which mixes the channels.)
    """

    kernel_size: tuple[int, int] = (3, 3)
    strides: tuple[int, int] = (1, 1)
    padding: str = "same"
    depth_multiplier: int = 1
    dilation_rate: tuple[int, int] = (1, 1)
    activation: str = "linear"
    use_bias: bool = True
    bias: float = 0.0
    depthwise_initializer: str = "glorot_uniform"
    seed: int = 0

    positional = ("kernel_size", "strides", "padding")
    defaults = {**Convolution.defaults, "depth_multiplier": 1}
    own_defaults = {**Convolution.own_defaults, "depthwise_initializer": "glorot_uniform"}
    options = {**Convolution.options, "depthwise_initializer": tuple(INITIALIZERS)}
    limits = {**Convolution.limits, "depth_multiplier": (1, 16)}
    words = {"DepthwiseConv2D": {}}
    kernel_axes = N_("height, width, input channels, kernels for each")

    def config(self) -> dict[str, object]:
        """The bias has an initializer only where there is a bias."""
        config = {
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "padding": self.padding,
            "depth_multiplier": self.depth_multiplier,
            "dilation_rate": self.dilation_rate,
            "activation": self.activation,
            "use_bias": self.use_bias,
            "depthwise_initializer": Random(self.depthwise_initializer, self.seed),
        }
        return {**config, "bias_initializer": Constant(self.bias)} if self.use_bias else config

    def problem(self, shape: Shape) -> str | None:
        """One sentence why Keras would refuse this layer on `shape`, or None.

        Strides that differ are refused on every machine, though some processors take them: TensorFlow has the step for
        them only where oneDNN stands in for its own. With a dilation Keras takes the layer apart, and all can do it.
        """
        if len(set(self.strides)) > 1 and self.dilation_rate == (1, 1) and not needs_maps(self.title, shape):
            return _(
                "TensorFlow expects the same stride for rows and columns of a DepthwiseConv2D without dilation, "
                "these are {strides}.",
                strides=pair(self.strides),
            )
        return super().problem(shape)

    def mended(self, shape: Shape) -> DepthwiseConv2D | None:
        """With one stride where two are refused, and the nearest kernel that fits; None behind Flatten."""
        if needs_maps(self.title, shape):
            return None
        height, width = (axis.fitted() for axis in self.axes(shape))
        return replace(
            self,
            strides=self.strides if max(self.dilation_rate) > 1 else (max(self.strides),) * 2,
            kernel_size=(height.kernel, width.kernel),
            dilation_rate=(height.dilation, width.dilation),
        )

    def cell(self) -> Cell:
        """Products of the one channel under the window, added up."""
        return Cell("products", self.activation)

    def map_kernels(self, weights: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray | None]:
        """A map reads one channel, with one of that channel's kernels."""
        kernel, *bias = weights
        return kernel.reshape(*kernel.shape[:2], 1, -1), bias[0] if bias else None

    def weights_in_words(self, shape: Shape) -> str:
        """Number and size of the kernels."""
        size, channels, each = "×".join(map(str, self.kernel_size)), shape[-1], self.depth_multiplier
        if each > 1:
            return _(
                "kernels of {size}, {each} for each of {channels} channels", size=size, each=each, channels=channels
            )
        return _("kernels of {size}, one for each of {channels} channels", size=size, channels=channels)

    def output_shape(self, shape: Shape) -> Shape:
        """(height, width, channels · depth_multiplier)."""
        height, width = self.axes(shape)
        return height.output, width.output, shape[-1] * self.depth_multiplier

    def weight_shapes(self, shape: Shape) -> list[Shape]:
        """As `get_weights()` returns them: kernel (height, width, channels, depth_multiplier), bias (outputs,)."""
        shapes: list[Shape] = [(*self.kernel_size, shape[-1], self.depth_multiplier)]
        return [*shapes, (shape[-1] * self.depth_multiplier,)] if self.use_bias else shapes

    def multiply_adds(self, shape: Shape) -> int:
        """Kernel values times output cells: each reads one channel only."""
        return math.prod(self.output_shape(shape)) * math.prod(self.kernel_size)


def depthwise(
    inputs: np.ndarray,
    kernel: np.ndarray,
    bias: np.ndarray | None,
    axes: tuple[Axis, Axis],
    cell: tuple[int, int, int],
) -> ConvStep:
    """Output cell (row, column, channel) of a DepthwiseConv2D with `kernel` (height, width, channels, multiplier): a
    convolution of the one channel that it reads."""
    read, which = divmod(cell[2], kernel.shape[3])
    row, column = cell[:2]
    own = None if bias is None else bias[read * kernel.shape[3] :]
    return convolution(inputs[..., read : read + 1], kernel[:, :, read : read + 1], own, axes, (row, column, which))
