"""A network: an ordered tuple of named layers, frozen and hashable. Everything else follows from it.

TensorFlow is imported where a model is built, so that a page shows shapes, costs and errors before it has loaded.
"""

from __future__ import annotations

import itertools
import math
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING

from core.layers.layer import Layer, Shape
from words import _

if TYPE_CHECKING:
    import keras

INPUT_SHAPE: Shape = (28, 28, 1)
CLASSES = 10
FLOAT_BYTES = 4
# From smallest to largest: a network beyond them cannot be drawn, or trained, on a small machine.
MOST_LAYERS = 64
MOST_PARAMETERS = 20_000_000
MOST_VALUES = 4_000_000
SEEDS = 10_000


class NetworkError(RuntimeError):
    """A network that is missing or cannot be used; the message is for the person at the screen."""


@dataclass(frozen=True)
class Stage:
    """One layer at its place in a network, before anything is computed.

    output_shape: None where there is a `problem`.
    """

    name: str
    spec: Layer
    input_shape: Shape
    output_shape: Shape | None

    @property
    def problem(self) -> str | None:
        """One sentence why the layer cannot follow its input, None where it can. Stages are kept for all readers, and
        each is told in their own language."""
        return None if self.output_shape is not None else self.spec.problem(self.input_shape)

    @property
    def parameters(self) -> int:
        """Weights and biases."""
        return self.spec.parameters(self.input_shape)

    @property
    def multiply_adds(self) -> int:
        """Multiplications for one image."""
        return self.spec.multiply_adds(self.input_shape)

    @property
    def values(self) -> int:
        """Numbers that it gives for one image; 0 where there is a `problem`."""
        return math.prod(self.output_shape) if self.output_shape else 0

    @property
    def activation_bytes(self) -> int:
        """Memory of its output for one image in float32."""
        return self.values * FLOAT_BYTES


@dataclass(frozen=True)
class Network:
    """Named layers in order, input (28, 28, 1). `title` is the Keras model's name; networks of the same layers are
    equal, whatever they are called.

    The weights are no part of it: a seed, a run at an epoch, or a file brings them.
    """

    layers: tuple[tuple[str, Layer], ...]
    title: str = field(default="network", compare=False)

    def __iter__(self) -> Iterator[tuple[str, Layer]]:
        return iter(self.layers)

    def __len__(self) -> int:
        return len(self.layers)

    def __getitem__(self, name: str) -> Layer:
        """The layer of this name. Raises KeyError."""
        return dict(self.layers)[name]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all layers in order."""
        return tuple(name for name, _layer in self.layers)

    def replaced(self, name: str, layer: Layer) -> Network:
        """The same network with another layer of this name. Its title is that of a design."""
        layers = tuple((each, layer if each == name else old) for each, old in self.layers)
        return Network(layers)

    def inserted(self, place: int, layer: Layer) -> Network:
        """A design with one more layer, before the one at `place`; its name is Keras' for its kind, numbered where that
        is taken."""
        layers = list(self.layers)
        layers.insert(place, (free_name(layer, self.names), layer))
        return Network(tuple(layers))

    def removed(self, place: int) -> Network:
        """A design without the layer at `place`."""
        return Network(self.layers[:place] + self.layers[place + 1 :])

    def moved(self, place: int, by: int) -> Network:
        """A design with the layer at `place` moved by so many places, towards the end where `by` is positive."""
        layers = list(self.layers)
        layers.insert(min(max(0, place + by), len(layers) - 1), layers.pop(place))
        return Network(tuple(layers))

    def upto(self, name: str) -> tuple[Layer, ...]:
        """The layers from the first to the one of this name, both included.

        Those before it are at rest, as in `predict` and `evaluate`: an answer must not depend on the mask that the
        seed of a Dropout draws.
        """
        *before, last = (layer for _name, layer in self.layers[: self.names.index(name) + 1])
        return (*(layer.at_rest() for layer in before), last)

    def trace(self) -> list[Stage]:
        """What every layer receives and gives, by formula; ends at the first one that cannot follow its input."""
        return list(self._traced)

    # A page asks for the stages of one network some twenty times a run, and they never change.
    @cached_property
    def _traced(self) -> tuple[Stage, ...]:
        stages, shape = [], INPUT_SHAPE
        for name, layer in self.layers:
            if layer.problem(shape):
                stages.append(Stage(name, layer, shape, None))
                break
            output = layer.output_shape(shape)
            stages.append(Stage(name, layer, shape, output))
            shape = output
        return tuple(stages)

    def problem(self) -> str | None:
        """One sentence why this network cannot be built, or None."""
        return self._refusal() if self._is_refused else None

    # The sentence itself is said anew each time: whoever asks may speak another language.
    @cached_property
    def _is_refused(self) -> bool:
        return self._refusal() is not None

    def _refusal(self) -> str | None:
        if not 0 < len(self) <= MOST_LAYERS:
            return _("A network has from 1 to {most} layers, this one has {count}.", most=MOST_LAYERS, count=len(self))
        if twice := next((name for name in self.names if self.names.count(name) > 1), None):
            return _("Every layer needs a name of its own, and two are called {name}.", name=twice)
        stages = self._traced
        if problem := stages[-1].problem:
            return f"{stages[-1].name}: {problem}"
        if (parameters := sum(stage.parameters for stage in stages)) > MOST_PARAMETERS:
            return _(
                "A network may have {most:,} parameters here, this one has {count:,}.",
                most=MOST_PARAMETERS,
                count=parameters,
            )
        largest = max(stages, key=lambda stage: stage.values)
        if largest.values > MOST_VALUES:
            return _(
                "A layer may give {most:,} values for one image here, {layer} gives {count:,}.",
                most=MOST_VALUES,
                layer=largest.name,
                count=largest.values,
            )
        return None

    def stages(self) -> tuple[Stage, ...]:
        """`trace()` of a network that can be built. Raises ValueError with the sentence of `problem`."""
        if problem := self.problem():
            raise ValueError(problem)
        return self._traced

    def parameter_count(self) -> int:
        """Weights and biases of all layers together, by formula."""
        return sum(stage.parameters for stage in self.stages())

    def weight_shapes(self) -> list[Shape]:
        """The shapes of all weights in the order of `model.get_weights()`."""
        return [shape for stage in self.stages() for shape in stage.spec.weight_shapes(stage.input_shape)]

    def seeded(self, seed: int) -> Network:
        """The same network with other start weights: each layer that draws gets a seed of its own, made from `seed`."""
        seeds = iter(range(seed * 100, seed * 100 + MOST_LAYERS))
        layers = tuple(
            (name, replace(layer, seed=next(seeds)) if _draws(layer) else layer) for name, layer in self.layers
        )
        return replace(self, layers=layers)

    def unseeded(self) -> Network:
        """The same network with all seeds 0: what is left of it where its start weights do not matter."""
        layers = tuple((name, replace(layer, seed=0) if _draws(layer) else layer) for name, layer in self.layers)
        return replace(self, layers=layers)

    def maps(self) -> tuple[Stage, ...]:
        """The stages whose layers have weights and give maps, (height, width, channels): what Grad-CAM looks at."""
        return tuple(stage for stage in self.stages() if stage.parameters and len(stage.output_shape or ()) == 3)

    def activated(self, name: str) -> str:
        """The name of the activation layer that follows the layer of this name, or `name` where none does."""
        after = self.layers[self.names.index(name) + 1 :][:1]
        return next((follower for follower, layer in after if layer.is_function), name)

    def build(self, policy: str = "float32") -> keras.Model:
        """The functional Keras model with its start weights.

        policy: Keras' dtype policy, "float32" or "mixed_bfloat16"; weights and the last layer are float32 in both.
        Raises ValueError with the sentence of `problem`.
        """
        import keras

        stages = self.stages()
        x = inputs = keras.Input(INPUT_SHAPE, name="image")
        made = []
        for stage in stages:
            # softmax in bfloat16 would leave probabilities three digits, and the loss with them
            layer = stage.spec.build(name=stage.name, dtype=policy if stage is not stages[-1] else "float32")
            made.append(layer)
            x = layer(x)
        for stage, layer in zip(stages, made, strict=True):
            if (weights := stage.spec.weights(stage.input_shape)) is not None:
                layer.set_weights(weights)
        return keras.Model(inputs, x, name=self.title)

    def as_code(self) -> str:
        """A script that builds the same `model` with the same start weights."""
        numpy = "import numpy as np\n" if self.has_chosen_weights() else ""
        return f"{numpy}import tensorflow as tf\n\n{self.definition()}\nmodel.summary()"

    def has_chosen_weights(self) -> bool:
        """Whether somebody chose weights of a layer, and no initializer draws them; their code needs numpy."""
        return bool(self._chosen_weights())

    def definition(self) -> str:
        """The lines of `as_code` that make `model`: without the imports, and nothing is printed."""
        lines = [
            "layers, initializers = tf.keras.layers, tf.keras.initializers",
            "",
            f'inputs = layers.Input(shape={INPUT_SHAPE}, name="image")',
        ]
        source, block = "inputs", None
        for name, layer in self.layers:
            if name.partition("_")[0] != block:
                lines.append("")
                block = name.partition("_")[0]
            lines += textwrap.wrap(layer.remark(), 94, initial_indent="# ", subsequent_indent="# ")
            lines.append(f"x = {layer.as_short_code(name)}({source})")
            source = "x"
        made = f'model = tf.keras.Model(inputs, x, name="{self.title}")'
        return "\n".join([*lines, "", made, *self._chosen_weights()])

    def _chosen_weights(self) -> list[str]:
        """Lines that put the weights that a person chose into `model`."""
        lines = []
        for stage in self.trace():
            if code := stage.spec.weights_as_code(stage.input_shape):
                lines += [f'layer = model.get_layer("{stage.name}")', code]
        return ["", *lines, ""] if lines else []


def free_name(layer: Layer, taken: tuple[str, ...]) -> str:
    """Keras' name for a layer of this kind: the class in small letters and underscores, numbered from the second on."""
    base = snake(layer.keras_name)
    numbers = itertools.chain([""], (f"_{number}" for number in itertools.count(1)))
    return next(name for number in numbers if (name := f"{base}{number}") not in taken)


def snake(name: str) -> str:
    """A class's name as Keras writes it for layers (keras.src.utils.naming.to_snake_case): Conv2D → conv2d."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def _draws(layer: Layer) -> bool:
    return any(each.name == "seed" for each in fields(layer))
