"""Frozen layer specs: what a person chose, checked, measured and built as the real Keras layer.

What every spec has (the protocol `Layer`), so that having read one of them one can write the next:

- `title`: Keras' name of the layer
- `problem(shape)`: None, or one sentence why this layer cannot follow an input of `shape`
- `output_shape(shape)`: by formula, without building anything
- `build()`: the unbuilt Keras layer
- `multiply_adds(shape)`: multiplications that the layer does for one image
- `as_code()`: the Python expression that makes this layer

What only some have: `axes(shape)` where a window slides (Conv2D, pooling), `weight_shapes(shape)` where there are
weights (Conv2D, Dense), and of Conv2D alone `weights(shape)` and `weights_as_code(shape)` for a chosen kernel, and
`as_short_code()`. `axes_of` and `weight_shapes` below ask any spec.

Shapes leave the batch axis out: (height, width, channels) or (features,). TensorFlow is imported in `build`
only, so that a page can show shapes and errors before TensorFlow has loaded.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from core.layers import kernels
from core.layers.shapes import Axis

Shape = tuple[int, ...]

INITIALIZERS = {
    "glorot_uniform": "GlorotUniform",
    "glorot_normal": "GlorotNormal",
    "he_uniform": "HeUniform",
    "he_normal": "HeNormal",
    "lecun_normal": "LecunNormal",
    "random_normal": "RandomNormal",
    "random_uniform": "RandomUniform",
    "orthogonal": "Orthogonal",
}
ACTIVATIONS = ("relu", "leaky_relu", "elu", "gelu", "sigmoid", "tanh", "softplus", "linear")
OUTPUT_ACTIVATIONS = ("softmax", "sigmoid", "relu", "linear")


class Layer(Protocol):
    """What pipeline and pages rely on."""

    title: str

    def problem(self, shape: Shape) -> str | None: ...
    def output_shape(self, shape: Shape) -> Shape: ...
    def build(self): ...
    def multiply_adds(self, shape: Shape) -> int: ...
    def as_code(self) -> str: ...


def _initializer(name: str, seed: int):
    import keras

    return getattr(keras.initializers, INITIALIZERS[name])(seed=seed)


def _initializer_code(name: str, seed: int) -> str:
    return f"tf.keras.initializers.{INITIALIZERS[name]}(seed={seed})"


def _pair(pair: tuple[int, int]) -> str:
    return f"{pair[0]} × {pair[1]}"


def _short_pair(pair: tuple[int, int]) -> str:
    return str(pair[0]) if pair[0] == pair[1] else str(pair)


def _misfit(what: str, extent: tuple[int, int], shape: Shape) -> str | None:
    """The sentence for a window larger than the input under "valid" padding, or None if it fits."""
    if extent[0] <= shape[0] and extent[1] <= shape[1]:
        return None
    return (
        f"With valid padding {what} must fit inside the input: it spans {_pair(extent)} pixels, "
        f"the input has {shape[0]} × {shape[1]}."
    )


def _code(name: str, *arguments: str) -> str:
    inside = ",\n    ".join(arguments)
    return f"tf.keras.layers.{name}(\n    {inside},\n)"


@dataclass(frozen=True)
class Conv2DSpec:
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

    title = "Conv2D"

    def axes(self, shape: Shape) -> tuple[Axis, Axis]:
        """Height and width of this layer on an input of `shape`."""
        return tuple(
            Axis(shape[i], self.kernel_size[i], self.strides[i], self.padding, self.dilation_rate[i]) for i in (0, 1)
        )

    def problem(self, shape: Shape) -> str | None:
        """One sentence why Keras would refuse this layer on `shape`, or what is wrong with a typed kernel."""
        try:
            for text in self.kernel:
                kernels.parse(text)
        except kernels.KernelError as error:
            return str(error)
        for number, bias in enumerate(self.biases):
            if not math.isfinite(bias):
                return f"Every bias must be a number, that of filter {number} is {bias}."
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            return (
                "Strides and dilation cannot both be larger than 1: Keras expects one of them to be 1 × 1, "
                f"the strides are {_pair(self.strides)} and the dilation {_pair(self.dilation_rate)}."
            )
        if self.padding == "valid":
            return _misfit("the kernel", tuple(axis.extent for axis in self.axes(shape)), shape)
        return None

    def output_shape(self, shape: Shape) -> Shape:
        """(height, width, filters)."""
        height, width = self.axes(shape)
        return height.output, width.output, self.filters

    def weight_shapes(self, shape: Shape) -> list[Shape]:
        """As `get_weights()` returns them: kernel (height, width, channels, filters), bias (filters,)."""
        shapes: list[Shape] = [(*self.kernel_size, shape[-1], self.filters)]
        return [*shapes, (self.filters,)] if self.use_bias else shapes

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

    def build(self):
        """The unbuilt Keras layer."""
        import keras

        return keras.layers.Conv2D(
            self.filters,
            self.kernel_size,
            strides=self.strides,
            padding=self.padding,
            dilation_rate=self.dilation_rate,
            activation=self.activation,
            use_bias=self.use_bias,
            kernel_initializer=_initializer(self.kernel_initializer, self.seed),
            bias_initializer=keras.initializers.Constant(self.bias),
        )

    def as_code(self) -> str:
        """The constructor call; the values of a chosen kernel are set by `weights_as_code`."""
        arguments = [
            f"filters={self.filters}",
            f"kernel_size={self.kernel_size}",
            f"strides={self.strides}",
            f'padding="{self.padding}"',
            f"dilation_rate={self.dilation_rate}",
            f'activation="{self.activation}"',
            f"use_bias={self.use_bias}",
        ]
        if not self.kernel:
            arguments.append(f"kernel_initializer={_initializer_code(self.kernel_initializer, self.seed)}")
        if self.use_bias and not self.biases:
            arguments.append(f"bias_initializer=tf.keras.initializers.Constant({self.bias})")
        return _code("Conv2D", *arguments)

    def as_short_code(self) -> str:
        """The call as it is mostly written: the first four arguments by position, one number for a pair of two equal
        ones, the others by name where they are not Keras' defaults. How weights are drawn is left out."""
        arguments = [
            str(self.filters),
            _short_pair(self.kernel_size),
            _short_pair(self.strides),
            f'"{self.padding.upper()}"',
        ]
        if self.dilation_rate != (1, 1):
            arguments.append(f"dilation_rate={_short_pair(self.dilation_rate)}")
        if self.activation != "linear":
            arguments.append(f'activation="{self.activation}"')
        if not self.use_bias:
            arguments.append("use_bias=False")
        return f"tf.keras.layers.Conv2D({', '.join(arguments)})"

    def weights_as_code(self, shape: Shape) -> str | None:
        """Lines that put a chosen kernel into `layer`, or None where the initializer drew it."""
        if not self.kernel:
            return None
        if self.source:
            return self._source_as_code()
        rows = ",\n    ".join(kernels.as_literal(text) for text in self.kernel)
        repeat = f"\nkernel = np.repeat(kernel, {shape[-1]}, axis=2)" if shape[-1] > 1 else ""
        return (
            f"layer.build(x.shape)\nkernel = np.array([  # one grid a filter\n    {rows},\n], np.float32)\n"
            "kernel = kernel.transpose(1, 2, 0)[:, :, np.newaxis, :]  # (height, width, channels, filters)"
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
        weights = "weights" if self.use_bias else "weights[:1]"
        return (
            f'network = tf.keras.models.load_model("{self.source}", compile=False)\n'
            "weights = network.get_layer(index=1).get_weights()  # kernel and bias; index 0 is the input\n"
            f"layer.build(x.shape)\nlayer.set_weights({weights})"
        )


@dataclass(frozen=True)
class ActivationSpec:
    """An activation as a layer of its own. `negative_slope` is leaky_relu's, `alpha` is elu's."""

    name: str = "relu"
    negative_slope: float = 0.2
    alpha: float = 1.0

    title = "Activation"

    @property
    def has_parameter(self) -> bool:
        """Whether a number belongs to the function, so that its name alone does not say which one it is."""
        return self.name in ("leaky_relu", "elu")

    def problem(self, shape: Shape) -> str | None:
        """Always None: an activation takes any shape."""
        return None

    def output_shape(self, shape: Shape) -> Shape:
        """Unchanged."""
        return shape

    def multiply_adds(self, shape: Shape) -> int:
        """0: an activation has no weights to multiply with."""
        return 0

    def build(self):
        """The Keras layer: ReLU, LeakyReLU, ELU, or Activation(name)."""
        import keras

        match self.name:
            case "relu":
                return keras.layers.ReLU()
            case "leaky_relu":
                return keras.layers.LeakyReLU(negative_slope=self.negative_slope)
            case "elu":
                return keras.layers.ELU(alpha=self.alpha)
            case _:
                return keras.layers.Activation(self.name)

    def as_code(self) -> str:
        """The constructor call."""
        match self.name:
            case "relu":
                return "tf.keras.layers.ReLU()"
            case "leaky_relu":
                return f"tf.keras.layers.LeakyReLU(negative_slope={self.negative_slope})"
            case "elu":
                return f"tf.keras.layers.ELU(alpha={self.alpha})"
            case _:
                return f'tf.keras.layers.Activation("{self.name}")'


@dataclass(frozen=True)
class PoolingSpec:
    """A `keras.layers.MaxPool2D` or, to compare, `AveragePooling2D`."""

    kind: str = "max"
    pool_size: tuple[int, int] = (2, 2)
    strides: tuple[int, int] = (2, 2)
    padding: str = "valid"

    @property
    def title(self) -> str:
        """Keras' name of the layer."""
        return "MaxPool2D" if self.kind == "max" else "AveragePooling2D"

    def axes(self, shape: Shape) -> tuple[Axis, Axis]:
        """Height and width of this layer on an input of `shape`."""
        return tuple(Axis(shape[i], self.pool_size[i], self.strides[i], self.padding) for i in (0, 1))

    def problem(self, shape: Shape) -> str | None:
        """One sentence why Keras would refuse this layer on `shape`, or None."""
        return _misfit("the pool", self.pool_size, shape) if self.padding == "valid" else None

    def output_shape(self, shape: Shape) -> Shape:
        """(height, width, channels)."""
        height, width = self.axes(shape)
        return height.output, width.output, shape[-1]

    def multiply_adds(self, shape: Shape) -> int:
        """0: pooling compares or averages, it has no weights to multiply with."""
        return 0

    def build(self):
        """The Keras layer."""
        import keras

        return getattr(keras.layers, self.title)(self.pool_size, strides=self.strides, padding=self.padding)

    def as_code(self) -> str:
        """The constructor call."""
        return _code(self.title, f"pool_size={self.pool_size}", f"strides={self.strides}", f'padding="{self.padding}"')


@dataclass(frozen=True)
class FlattenSpec:
    """A `keras.layers.Flatten`: (height, width, channels) → (height · width · channels,)."""

    title = "Flatten"

    def problem(self, shape: Shape) -> str | None:
        """Always None."""
        return None

    def output_shape(self, shape: Shape) -> Shape:
        """One axis as long as all the others multiplied."""
        return (math.prod(shape),)

    def multiply_adds(self, shape: Shape) -> int:
        """0: the numbers only move."""
        return 0

    def build(self):
        """The Keras layer."""
        import keras

        return keras.layers.Flatten()

    def as_code(self) -> str:
        """The constructor call."""
        return "tf.keras.layers.Flatten()"


@dataclass(frozen=True)
class DenseSpec:
    """A `keras.layers.Dense`."""

    units: int = 32
    activation: str = "relu"
    use_bias: bool = True
    bias: float = 0.0
    kernel_initializer: str = "glorot_uniform"
    seed: int = 0

    title = "Dense"

    def problem(self, shape: Shape) -> str | None:
        """Always None for a flat input."""
        return None

    def output_shape(self, shape: Shape) -> Shape:
        """(units,)."""
        return (self.units,)

    def weight_shapes(self, shape: Shape) -> list[Shape]:
        """As `get_weights()` returns them: kernel (features, units), bias (units,)."""
        shapes: list[Shape] = [(shape[-1], self.units)]
        return [*shapes, (self.units,)] if self.use_bias else shapes

    def multiply_adds(self, shape: Shape) -> int:
        """One for every value of the kernel."""
        return shape[-1] * self.units

    def build(self):
        """The unbuilt Keras layer."""
        import keras

        return keras.layers.Dense(
            self.units,
            activation=self.activation,
            use_bias=self.use_bias,
            kernel_initializer=_initializer(self.kernel_initializer, self.seed),
            bias_initializer=keras.initializers.Constant(self.bias),
        )

    def as_code(self) -> str:
        """The constructor call."""
        arguments = [
            f"units={self.units}",
            f'activation="{self.activation}"',
            f"use_bias={self.use_bias}",
            f"kernel_initializer={_initializer_code(self.kernel_initializer, self.seed)}",
        ]
        if self.use_bias:
            arguments.append(f"bias_initializer=tf.keras.initializers.Constant({self.bias})")
        return _code("Dense", *arguments)


@dataclass(frozen=True)
class DropoutSpec:
    """A `keras.layers.Dropout`, called with `training` as chosen."""

    rate: float = 0.5
    training: bool = True
    seed: int = 0

    title = "Dropout"

    def problem(self, shape: Shape) -> str | None:
        """Always None."""
        return None

    def output_shape(self, shape: Shape) -> Shape:
        """Unchanged."""
        return shape

    def multiply_adds(self, shape: Shape) -> int:
        """0: there are no weights."""
        return 0

    def build(self):
        """The Keras layer; a fresh one with the same seed draws the same mask."""
        import keras

        return keras.layers.Dropout(self.rate, seed=self.seed)

    def as_code(self) -> str:
        """The constructor call."""
        return f"tf.keras.layers.Dropout({self.rate}, seed={self.seed})"


def axes_of(spec: Layer, shape: Shape) -> tuple[Axis, Axis] | None:
    """Height and width axis where the layer slides a window, else None."""
    return spec.axes(shape) if hasattr(spec, "axes") else None


def weight_shapes(spec: Layer, shape: Shape) -> list[Shape]:
    """Shapes that `get_weights()` will return; empty for a layer without weights."""
    return spec.weight_shapes(shape) if hasattr(spec, "weight_shapes") else []


def parameters(spec: Layer, shape: Shape) -> int:
    """Number of weights and biases."""
    return sum(math.prod(weights) for weights in weight_shapes(spec, shape))
