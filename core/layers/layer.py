"""What all kinds of layers share: from `config()`, Keras' own arguments, follow the Keras layer and its code.

A kind is a frozen dataclass in a file of its own, listed in kinds.py. It says what is special about it and inherits
the rest from `Layer`. Shapes leave the batch axis out: (height, width, channels) or (features,). TensorFlow
is imported in `build` only, so that a page can show shapes and errors before it has loaded.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from core.layers import keras_config
from core.layers.arithmetic import Arithmetic
from core.layers.cell import Cell
from core.layers.shapes import Axis
from core.layers.tables import Tables
from core.layers.weight_use import WeightUse
from words import N_, _

if TYPE_CHECKING:
    import keras

Shape = tuple[int, ...]
# a setting from 0 to 1
Share = float

# for `misfit`
KERNEL_MISFIT = N_(
    "With valid padding the kernel must fit inside the input: it spans {extent} pixels, the input has {size}."
)
POOL_MISFIT = N_(
    "With valid padding the pool must fit inside the input: it spans {extent} pixels, the input has {size}."
)


class Layer(Tables):
    """One layer as a person chose it. Subclasses are frozen dataclasses."""

    @property
    def title(self) -> str:
        """What pages call it."""
        return type(self).__name__

    @property
    def keras_name(self) -> str:
        """The class in `keras.layers`, by the name that it gives itself."""
        return self.title

    @property
    def code_name(self) -> str:
        """The name of that class in code, where Keras has a shorter one too."""
        return self.keras_name

    @property
    def is_function(self) -> bool:
        """Whether it is an activation function and nothing else."""
        return False

    @property
    def last_function(self) -> str:
        """Keras' name of the function that its values pass last, "linear" where there is none."""
        return getattr(self, "activation", "linear")

    def problem(self, shape: Shape) -> str | None:
        """None, or one sentence why this layer cannot follow an input of `shape`."""
        return None

    def mended(self, shape: Shape) -> Layer | None:
        """The nearest layer of this kind that can follow an input of `shape`: itself where it can, None where no
        setting helps."""
        return None if self.problem(shape) else self

    def output_shape(self, shape: Shape) -> Shape:
        """What comes out of an input of `shape`, by formula: unchanged where a kind says nothing else."""
        return shape

    def axes(self, shape: Shape) -> tuple[Axis, Axis] | None:
        """Height and width of an input of `shape` where the layer slides a window, else None."""
        return None

    def cell(self) -> Cell | None:
        """How a cell of an output map comes about, None where maps in do not give maps out cell by cell."""
        return None

    def map_kernels(self, weights: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray | None]:
        """What `get_weights()` gave as kernels (height, width, channels that a map reads, maps) and biases (maps,) or
        None; only where cells are sums of products."""
        kernel, *bias = weights
        return kernel, bias[0] if bias else None

    def arithmetic(self, shape: Shape, weights: Sequence[np.ndarray] = ()) -> Arithmetic | None:
        """How the output at rest comes about of an input of `shape`, for a program without Keras; None where a kind
        does not say.

        weights: as `get_weights()` gave them. Whoever says `cell` need not say this.
        """
        cell = self.cell()
        if cell is None:
            return None
        arrays: dict[str, np.ndarray] = {}
        if cell.takes == "products":
            kernel, bias = self.map_kernels(weights)
            arrays = {"kernel": kernel} if bias is None else {"kernel": kernel, "bias": bias}
        return Arithmetic(cell.takes, self.axes(shape), cell.all_channels, cell.function, arrays=arrays)

    def weight_use(
        self, name: str, position: int, inputs: np.ndarray, weights: Sequence[np.ndarray]
    ) -> WeightUse | None:
        """Where the layer at rest uses one of its learned weights; None where a kind does not say.

        name: one of `weight_names`; position: in that array in reading order; inputs: without the batch axis; weights:
        as `get_weights()` gave them.
        """
        return None

    def weight_shapes(self, shape: Shape) -> list[Shape]:
        """Shapes that `get_weights()` will return; empty for a layer without weights."""
        return []

    # what the axes of its kernel are, where it has one with several; to be said with `_`
    kernel_axes: ClassVar[str] = ""

    def weight_names(self, shape: Shape) -> tuple[str, ...]:
        """Keras' names of these arrays."""
        return ("kernel", "bias")[: len(self.weight_shapes(shape))]

    def parameters(self, shape: Shape) -> int:
        """Number of all values in these arrays, learned or collected."""
        return sum(math.prod(weights) for weights in self.weight_shapes(shape))

    def weights_in_words(self, shape: Shape) -> str:
        """What the weights are that an input of `shape` needs, in a few words; "" for a layer without weights."""
        return ""

    def multiply_adds(self, shape: Shape) -> int:
        """Multiplications that the layer does for one image; 0 for a layer without weights."""
        return 0

    def weights(self, shape: Shape) -> list[np.ndarray] | None:
        """Arrays for `set_weights` where a person chose them, None where the initializers draw them."""
        return None

    def weights_as_code(self, shape: Shape) -> str | None:
        """Lines that put chosen weights into `layer`, which is built, or None where the initializers drew them."""
        return None

    def call_arguments(self) -> dict[str, object]:
        """What the layer is called with beside its input."""
        return {}

    def at_rest(self) -> Layer:
        """The layer as it is in `predict` and `evaluate`, outside of training."""
        return self

    def remark(self) -> str:
        """What who runs the layer's code elsewhere has to know, "" for nothing."""
        return ""

    def build(self, **more: object) -> keras.Layer:
        """The unbuilt Keras layer. more: arguments beside `config()`, such as `name` and `dtype`."""
        import keras

        made = {key: value.build() if hasattr(value, "build") else value for key, value in self.config().items()}
        return getattr(keras.layers, self.keras_name)(**made, **more)

    def as_code(self) -> str:
        """The constructor call with every argument, one a line where there are more than two."""
        call, config = f"tf.keras.layers.{self.code_name}", self.config()
        if len(config) > 2:
            lines = "".join(f"    {key}={_literal(value)},\n" for key, value in config.items())
            return f"{call}(\n{lines})"
        return f"{call}({', '.join(self._arguments(config, _literal))})"

    def as_short_code(self, name: str) -> str:
        """The constructor call on one line: only what differs from Keras' defaults, and the layer's name.

        `layers` and `initializers` stand for the modules of tf.keras.
        """
        config = {key: value for key, value in self.config().items() if not self._is_default(key, value)}
        arguments = [*self._arguments(config, short), f'name="{name}"']
        return f"layers.{self.code_name}({', '.join(arguments)})"

    @classmethod
    def from_keras(cls: type[keras_config.Kind], word: str, config: dict[str, object]) -> keras_config.Kind:
        """The layer whose `build` would give a Keras layer with this `get_config()`: the inverse of `config()`.

        word: the Keras class, one of `words` or `aliases`, for some stand for several. config: also as JSON has it,
        with lists for tuples. Initializers that no field can hold, and what concerns training only (see
        `keras_config.left_out`), are dropped. Raises keras_config.ConfigError with one sentence that names what this
        kind has not: an argument, a value, an object that is not Keras' own.
        """
        return keras_config.read(cls, word, config)

    def _arguments(self, config: dict[str, object], literal: Callable[[object], str]) -> list[str]:
        """Arguments as code: the first ones without their names, as long as none of `positional` is missing."""
        bare = list(itertools.takewhile(config.__contains__, self.positional))
        named = [f"{key}={literal(value)}" for key, value in config.items() if key not in bare]
        return [*(literal(config[key]) for key in bare), *named]

    def _is_default(self, key: str, value: object) -> bool:
        return key in self.defaults and self.defaults[key] == value


def _literal(value: object) -> str:
    if hasattr(value, "as_code"):
        return value.as_code()
    return f'"{value}"' if isinstance(value, str) else str(value)


def short(value: object) -> str:
    """A value in code as people write it: 3 for (3, 3), and without `tf.keras.`."""
    if isinstance(value, tuple) and len(set(value)) == 1:
        return str(value[0])
    return _literal(value).removeprefix("tf.keras.")


def pair(numbers: tuple[int, int]) -> str:
    """Two lengths for people: "3 × 5"."""
    return f"{numbers[0]} × {numbers[1]}"


def misfit(sentence: str, extent: tuple[int, int], shape: Shape) -> str | None:
    """`sentence`, of a window larger than the input under "valid" padding, or None if it fits."""
    if extent[0] <= shape[0] and extent[1] <= shape[1]:
        return None
    return _(sentence, extent=pair(extent), size=pair((shape[0], shape[1])))


def needs_maps(title: str, shape: Shape) -> str | None:
    """The sentence for an input that is not (height, width, channels), or None."""
    if len(shape) == 3:
        return None
    return _(
        "{title} expects maps, (height, width, channels), and what comes in is a flat row of {count:,} values: "
        "it belongs before Flatten.",
        title=title,
        count=shape[0],
    )
