"""One step of learning from one image, with every number on the way: what GradientTape gives, layer by layer.

All is computed outside of training mode: Dropout drops nothing and BatchNormalization uses what it has collected, so
that the loss before and after a step, and the one a little beside it, are those of the same function.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from core.layers.kinds import Activation
from core.layers.layer import Layer
from core.network.network import INPUT_SHAPE, Network, Stage
from core.network.saved import as_batch
from core.training import data, update_rules
from core.training.spec import TrainingSpec
from core.training.update_rules import AdamChange, Moments

if TYPE_CHECKING:
    import keras

# images at a time: of every layer all values are kept
_CHUNK = 10
# for float64: small beside any weight, and far above what rounding does to a loss
DISTANCE = 1e-5
# what rounding may do to a loss of about 1 in float64, the sums of a whole network before it
_ROUNDING = 1e-13
# two slopes that differ by more than this share of the steeper one are not the same
_SAME = 1e-2


@dataclass(frozen=True, eq=False)
class State:
    """Where learning stands. weights: as `get_weights()` gives them; moments: Adam's, one for each of them, None before
    the first step and where nothing is learned; steps: how many were taken."""

    weights: tuple[np.ndarray, ...]
    moments: tuple[Moments[np.ndarray] | None, ...] = ()
    steps: int = 0


@dataclass(frozen=True, eq=False)
class LayerPass:
    """One layer with weights, forward and back. Arrays are float32, without the batch axis.

    inputs, sums, outputs: what comes in, its values before its function, and what goes out. deltas: the loss's gradient
    in `sums`. weights: in the order of `spec.weight_names`; gradients: of those that are learned, by name. first: the
    place of its first weight in `get_weights()` of the model.
    """

    spec: Layer
    inputs: np.ndarray
    sums: np.ndarray
    outputs: np.ndarray
    deltas: np.ndarray
    weights: tuple[np.ndarray, ...]
    gradients: dict[str, np.ndarray]
    first: int

    def place(self, name: str) -> int:
        """The place of this weight's array in `get_weights()` of the model."""
        return self.first + self.spec.weight_names(self.inputs.shape).index(name)

    def weight(self, name: str) -> np.ndarray:
        """The array of this name."""
        return self.weights[self.place(name) - self.first]


@dataclass(frozen=True, eq=False)
class Pass:
    """One image through the network and back. logits: (10,), the values before the last function; layers: those with
    learned weights, by name, in order."""

    loss: float
    logits: np.ndarray
    layers: dict[str, LayerPass]

    @property
    def finite(self) -> bool:
        """Whether all of it are numbers: after a step that was far too large they need not be."""
        return math.isfinite(self.loss) and all(
            bool(np.isfinite(gradient).all()) for layer in self.layers.values() for gradient in layer.gradients.values()
        )

    def gradients(self) -> dict[int, np.ndarray]:
        """All gradients, by the place of their weight in `get_weights()`."""
        return {
            layer.place(name): gradient for layer in self.layers.values() for name, gradient in layer.gradients.items()
        }


@dataclass(frozen=True)
class Slopes:
    """The loss with one weight smaller by `distance`, as it is, and larger by as much, in float64."""

    below: float
    here: float
    above: float
    distance: float

    @property
    def middle(self) -> float:
        """(L(w + h) - L(w - h)) / 2h, which the gradient should be."""
        return (self.above - self.below) / (2 * self.distance)

    @property
    def sides(self) -> tuple[float, float]:
        """The slope to the left of the weight and to the right of it."""
        return (self.here - self.below) / self.distance, (self.above - self.here) / self.distance

    @property
    def corner(self) -> bool:
        """Whether both sides differ: a ReLU stands at exactly 0, or two values of a max pooling are the same."""
        return not self._same(*self.sides)

    def confirms(self, gradient: float) -> bool:
        """Whether this is the gradient, but for a hundredth and for rounding."""
        return self._same(self.middle, gradient)

    def _same(self, one: float, other: float) -> bool:
        rounding = _ROUNDING * max(1.0, abs(self.here)) / self.distance
        return abs(one - other) <= max(_SAME * max(abs(one), abs(other)), rounding)


def stepped(state: State, found: Pass, spec: TrainingSpec) -> State:
    """After one step of all weights. spec: its optimizer, one of `update_rules.RULES`, and learning rate."""
    gradients, rate, steps = found.gradients(), spec.learning_rate, state.steps + 1
    weights = list(state.weights)
    if spec.optimizer == "sgd":
        for place, gradient in gradients.items():
            weights[place] = update_rules.sgd(weights[place], gradient, rate)
        return State(tuple(weights), (), steps)
    moments = list(state.moments) or [None] * len(weights)
    for place, gradient in gradients.items():
        now = (moments[place] or Moments(np.zeros_like(gradient), np.zeros_like(gradient))).next(gradient)
        moments[place] = now
        weights[place] = weights[place] - AdamChange(now, steps, rate).amount
    return State(tuple(weights), tuple(moments), steps)


def with_one(weights: Sequence[np.ndarray], place: int, position: int, value: float) -> list[np.ndarray]:
    """All weights as they are, but for one number. position: in the array at `place`, in reading order."""
    changed = list(weights)
    array = np.array(changed[place])
    array.flat[position] = value
    changed[place] = array
    return changed


def promised(before: State, after: State, found: Pass) -> float:
    """How much the loss would change by this step if its slope went on as it is: the sum of gradient · change over all
    weights."""
    return float(
        sum(
            np.sum(gradient * (after.weights[place] - before.weights[place]), dtype=np.float64)
            for place, gradient in found.gradients().items()
        )
    )


class Bench:
    """A network's Keras models for one image at a time, with weights and labels of everybody who asks."""

    def __init__(self, network: Network):
        self._stages = network.stages()
        self._lock = threading.Lock()
        self._models: dict[str, _Opened] = {}

    def through(self, weights: Sequence[np.ndarray], image: np.ndarray, label: int, loss: str) -> Pass:
        """Forward and back. image: see `saved.as_batch`; loss: one of `core.training.spec.LOSSES`."""
        with self._lock:
            return self._model("float32").through(weights, image, label, loss)

    def loss(self, weights: Sequence[np.ndarray], image: np.ndarray, label: int, loss: str) -> float:
        """Forward only."""
        with self._lock:
            return self._model("float32").loss(weights, image, label, loss)

    def mean_loss(self, weights: Sequence[np.ndarray], images: np.ndarray, labels: np.ndarray, loss: str) -> float:
        """Forward only, over several images (n, 28, 28) with labels (n,)."""
        with self._lock:
            return self._model("float32").mean_loss(weights, images, labels, loss)

    def slopes(
        self, weights: Sequence[np.ndarray], image: np.ndarray, label: int, loss: str, place: int, position: int
    ) -> Slopes:
        """What a little more and a little less of one weight does to the loss. In float64: of float32's seven digits
        hardly one would be left of such a small difference."""
        exact = [array.astype(np.float64) for array in weights]
        value = float(exact[place].flat[position])
        with self._lock:
            model = self._model("float64")
            below, here, above = (
                model.loss(with_one(exact, place, position, value + move), image, label, loss)
                for move in (-DISTANCE, 0.0, DISTANCE)
            )
        return Slopes(below, here, above, DISTANCE)

    def _model(self, dtype: str) -> _Opened:
        if dtype not in self._models:
            self._models[dtype] = _Opened(self._stages, dtype)
        return self._models[dtype]


class _Opened:
    """A Keras model that gives the values before every layer's function and those after it."""

    def __init__(self, stages: Sequence[Stage], dtype: str):
        import keras

        self.dtype = dtype
        x = inputs = keras.Input(INPUT_SHAPE, name="image", dtype=dtype)
        self.made: list[tuple[Stage, keras.Layer]] = []
        tensors = []
        for stage in stages:
            plain, function = _taken_apart(stage)
            layer = plain.build(name=stage.name, dtype=dtype)
            sums = layer(x)
            x = function.build(name=_free(f"{stage.name}_function", stages), dtype=dtype)(sums) if function else sums
            self.made.append((stage, layer))
            tensors.append((sums, x))
        self.model = keras.Model(inputs, tensors)

    def through(self, weights: Sequence[np.ndarray], image: np.ndarray, label: int, loss: str) -> Pass:
        import tensorflow as tf

        self.model.set_weights(list(weights))
        batch = self._batch(image)
        with tf.GradientTape() as tape:
            tape.watch(batch)  # so that all is recorded, in a frozen network too
            tensors = self.model(batch, training=False)
            value = self._losses(tensors, np.array([label]), loss)[0]
        learned = [variable for _, layer in self.made for variable in layer.trainable_weights]
        sums = [sums for sums, _ in tensors]
        *deltas, gradients = tape.gradient(value, [*sums, learned], unconnected_gradients="zero")
        return self._collected(batch, tensors, deltas, iter(gradients), float(value))

    def loss(self, weights: Sequence[np.ndarray], image: np.ndarray, label: int, loss: str) -> float:
        return self.mean_loss(weights, as_batch(image), np.array([label]), loss)

    def mean_loss(self, weights: Sequence[np.ndarray], images: np.ndarray, labels: np.ndarray, loss: str) -> float:
        self.model.set_weights(list(weights))
        found = []
        for start in range(0, len(labels), _CHUNK):
            some = slice(start, start + _CHUNK)
            tensors = self.model(self._batch(images[some]), training=False)
            found.append(self._losses(tensors, labels[some], loss).numpy())
        return float(np.concatenate(found).mean(dtype=np.float64))

    def _batch(self, image: np.ndarray):
        import tensorflow as tf

        return tf.cast(tf.constant(as_batch(image)), self.dtype)

    def _losses(self, tensors: Sequence, labels: np.ndarray, loss: str):
        """(n,), as Keras does in training: from the values before the last function, which the tensor remembers."""
        import keras

        encoded = data.encode(labels, TrainingSpec(loss=loss).one_hot)
        return getattr(keras.losses, loss)(encoded, tensors[-1][1])

    def _collected(self, batch, tensors, deltas, gradients, loss: float) -> Pass:
        layers, before, first = {}, batch, 0
        for (stage, layer), (sums, after), delta in zip(self.made, tensors, deltas, strict=True):
            learned = {id(variable) for variable in layer.trainable_weights}
            if learned:
                layers[stage.name] = LayerPass(
                    spec=stage.spec,
                    inputs=_readonly(before[0]),
                    sums=_readonly(sums[0]),
                    outputs=_readonly(after[0]),
                    deltas=_readonly(delta[0]),
                    weights=tuple(map(_readonly, layer.weights)),
                    gradients={each.name: _readonly(next(gradients)) for each in layer.weights if id(each) in learned},
                    first=first,
                )
            first += len(layer.weights)
            before = after
        sums, after = tensors[-1]
        ends_in_layer = len(self.made) > 1 and self.made[-1][0].spec.is_function
        logits = tensors[-2][1] if ends_in_layer else sums
        return Pass(loss, _readonly(logits[0]), layers)


def _taken_apart(stage: Stage) -> tuple[Layer, Layer | None]:
    """A layer with weights without its function, and that function as a layer of its own; None where it has none."""
    spec, function = stage.spec, stage.spec.last_function
    if not stage.parameters or function == "linear":
        return spec, None
    return replace(spec, activation="linear"), Activation(function)


def _free(name: str, stages: Sequence[Stage]) -> str:
    """This name, longer where a layer of the network has it."""
    while any(stage.name == name for stage in stages):
        name += "_"
    return name


def _readonly(array) -> np.ndarray:
    values = np.array(array.numpy())  # a variable may lend its own memory, and change it later
    values.setflags(write=False)
    return values
