"""Conv2D: a kernel slides over the input."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from core.layers import every_other, kernels
from core.layers.cell import Cell
from core.layers.convolution import Convolution
from core.layers.initializers import INITIALIZERS, Constant, Random
from core.layers.layer import Shape, needs_maps, pair, short
from core.layers.shapes import Axis
from words import N_, _

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class Conv2D(Convolution):
    """A `keras.layers.Conv2D`. `kernel` holds chosen values as text (see `kernels.parse`), one entry a filter;
    where it is empty, `filters` kernels are drawn by the initializer with `seed`.

    `biases` goes with a chosen kernel and has one value a filter; where it is empty, all start at `bias`. `source`
    is the .keras file whose first convolution the chosen values are, "" where they are nobody's: code loads it.
    """

    filters: int = 8
    kernel_size: tuple[int, int] = (3, 3)
    strides: tuple[int, int] = (1, 1)
    padding: str = "same"
    dilation_rate: tuple[int, int] = (1, 1)
    use_bias: bool = True
    bias: float = 0.0
    activation: str = "linear"
    kernel_initializer: str = "glorot_uniform"
    seed: int = 0
    kernel: tuple[str, ...] = ()
    biases: tuple[float, ...] = ()
    source: str = ""

    positional = ("filters", "kernel_size", "strides", "padding")
    own_defaults = {
        **Convolution.own_defaults,
        "kernel_initializer": "glorot_uniform",
        "kernel": (),
        "biases": (),
        "source": "",
    }
    fixed = {**Convolution.fixed, "groups": 1}
    options = {**Convolution.options, "kernel_initializer": tuple(INITIALIZERS)}
    limits = {"filters": (1, 512), **Convolution.limits}
    readers = {
        "kernel": lambda text: tuple(text.split("|")),
        "biases": lambda text: tuple(map(float, text.split("|"))),
    }
    words = {"Conv2D": {}}
    kernel_axes = N_("height, width, input channels, filters")

    def config(self) -> dict[str, object]:
        """Initializers are left out where chosen values replace what they would draw."""
        config = {
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "padding": self.padding,
            "dilation_rate": self.dilation_rate,
            "activation": self.activation,
            "use_bias": self.use_bias,
        }
        if not self.kernel:
            config["kernel_initializer"] = Random(self.kernel_initializer, self.seed)
        if self.use_bias and not self.biases:
            config["bias_initializer"] = Constant(self.bias)
        return config

    def remark(self) -> str:
        """See `every_other`: elsewhere nobody takes every other pixel first."""
        if not every_other.applies(self.kernel_size, self.strides):
            return ""
        return _(
            "oneDNN may crash where it trains a 1 × 1 kernel with strides; with the environment variable "
            "TF_ENABLE_ONEDNN_OPTS=0 TensorFlow does without it"
        )

    def build(self, **more: object) -> keras.Layer:
        """See `Layer.build`; with `every_other.first`."""
        every_other.first()
        return super().build(**more)

    def problem(self, shape: Shape) -> str | None:
        """One sentence why Keras would refuse this layer on `shape`, or what is wrong with a typed kernel."""
        if problem := needs_maps(self.title, shape):
            return problem
        try:
            for text in self.kernel:
                kernels.parse(text)
        except kernels.KernelError as error:
            return str(error)
        for number, bias in enumerate(self.biases):
            if not math.isfinite(bias):
                return _("Every bias must be a number, that of filter {number} is {bias}.", number=number, bias=bias)
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            return _(
                "Strides and dilation cannot both be larger than 1: Keras expects one of them to be 1 × 1, "
                "the strides are {strides} and the dilation {dilation}.",
                strides=pair(self.strides),
                dilation=pair(self.dilation_rate),
            )
        return super().problem(shape)

    def mended(self, shape: Shape) -> Conv2D | None:
        """Without dilation where strides and dilation exclude each other, and with the nearest kernel that fits; None
        behind Flatten and where a typed kernel is none."""
        both = max(self.strides) > 1 and max(self.dilation_rate) > 1
        layer = replace(self, dilation_rate=(1, 1)) if both else self
        if len(shape) == 3 and (axes := layer.axes(shape)) != (fitted := tuple(axis.fitted() for axis in axes)):
            layer = layer._with_kernel(*fitted)
        return None if layer.problem(shape) else layer

    def _with_kernel(self, height: Axis, width: Axis) -> Conv2D:
        size = (height.kernel, width.kernel)
        dilated = replace(self, dilation_rate=(height.dilation, width.dilation))
        if size == self.kernel_size:
            return dilated
        # chosen values are cut about their centre; the file that they came from has them whole
        cut = tuple(kernels.fit(text, *size) for text in self.kernel)
        return replace(dilated, kernel_size=size, kernel=cut, source="")

    def output_shape(self, shape: Shape) -> Shape:
        """(height, width, filters)."""
        height, width = self.axes(shape)
        return height.output, width.output, self.filters

    def cell(self) -> Cell:
        """Products of every channel under the window, added up."""
        return Cell("products", self.activation, all_channels=True)

    def weight_shapes(self, shape: Shape) -> list[Shape]:
        """As `get_weights()` returns them: kernel (height, width, channels, filters), bias (filters,)."""
        shapes: list[Shape] = [(*self.kernel_size, shape[-1], self.filters)]
        return [*shapes, (self.filters,)] if self.use_bias else shapes

    def weights_in_words(self, shape: Shape) -> str:
        """Number, size and depth of the kernels."""
        size = "×".join(map(str, self.kernel_size))
        return _(
            "{filters} kernels of {size} over {channels} channels",
            filters=self.filters,
            size=size,
            channels=shape[-1],
        )

    def weights(self, shape: Shape) -> list[np.ndarray] | None:
        """Arrays for `set_weights` where the kernel was chosen, None where the initializer draws it."""
        if not self.kernel:
            return None
        kernel = np.repeat(kernels.stack([kernels.parse(text) for text in self.kernel]), shape[-1], axis=2)
        bias = np.array(self.biases or (self.bias,) * self.filters, np.float32)
        return [kernel, bias] if self.use_bias else [kernel]

    def multiply_adds(self, shape: Shape) -> int:
        """Kernel values times output cells; windows over padding are counted like any other."""
        return math.prod(self.output_shape(shape)) * math.prod(self.kernel_size) * shape[-1]

    def as_positional_code(self) -> str:
        """The call as it is mostly written: the first four arguments by position, one number for a pair of two equal
        ones, the others by name where they are not Keras' defaults. How weights are drawn is left out."""
        arguments = [
            str(self.filters),
            short(self.kernel_size),
            short(self.strides),
            f'"{self.padding.upper()}"',
        ]
        if self.dilation_rate != (1, 1):
            arguments.append(f"dilation_rate={short(self.dilation_rate)}")
        if self.activation != "linear":
            arguments.append(f'activation="{self.activation}"')
        if not self.use_bias:
            arguments.append("use_bias=False")
        return f"tf.keras.layers.Conv2D({', '.join(arguments)})"

    def weights_as_code(self, shape: Shape) -> str | None:
        """Lines that put a chosen kernel into `layer`, which is built, or None where the initializer drew it."""
        if not self.kernel:
            return None
        if self.source:
            return self._source_as_code()
        each, axes = _("one grid a filter"), _("(height, width, channels, filters)")
        rows = ",\n    ".join(kernels.as_literal(text) for text in self.kernel)
        repeat = f"\nkernel = np.repeat(kernel, {shape[-1]}, axis=2)" if shape[-1] > 1 else ""
        return (
            f"kernel = np.array([  # {each}\n    {rows},\n], np.float32)\n"
            f"kernel = kernel.transpose(1, 2, 0)[:, :, np.newaxis, :]  # {axes}"
            f"{repeat}\nlayer.set_weights([kernel{self._bias_as_code()}])"
        )

    def _bias_as_code(self) -> str:
        if not self.use_bias:
            return ""
        if not self.biases:
            return ", layer.get_weights()[1]"
        # 9 digits tell any two float32 numbers apart
        return f", np.array([{', '.join(f'{bias:.9g}' for bias in self.biases)}], np.float32)"

    def _source_as_code(self) -> str:
        both = _("kernel and bias; index 0 is the input")
        weights = "weights" if self.use_bias else "weights[:1]"
        return (
            f'network = tf.keras.models.load_model("{self.source}", compile=False)\n'
            f"weights = network.get_layer(index=1).get_weights()  # {both}\n"
            f"layer.set_weights({weights})"
        )
