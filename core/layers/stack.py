"""The walk of a digit through real Keras layers: specs in, every layer's input, weights and output out."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from core.layers import Activation, Conv2D, Dense, Dropout, Flatten, Layer, Pooling, Shape

INPUT_SHAPE: Shape = (28, 28, 1)
CLASSES = 10


@dataclass(frozen=True)
class Walk:
    """The specs of all stages in order; the fields' names are the stages' names.

    `output` has one unit for each digit and softmax: ten values that sum to 1. (ReLU there, as some
    tutorials have it, would leave any number of classes at exactly 0 with no gradient to learn from.)
    """

    conv2d: Conv2D = Conv2D()
    activation: Activation = Activation()
    pooling: Pooling = Pooling()
    flatten: Flatten = Flatten()
    dense: Dense = Dense()
    dropout: Dropout = Dropout()
    output: Dense = Dense(units=CLASSES, activation="softmax")

    def upto(self, stage: str) -> tuple[Layer, ...]:
        """The specs from the first stage to `stage`, both included.

        Stages behind Dropout receive what it gives outside of training, as in `predict` and `evaluate`: an answer
        must not depend on the mask that a seed draws.
        """
        specs = tuple(getattr(self, name) for name in STAGES[: STAGES.index(stage) + 1])
        *before, last = specs
        return (*(replace(spec, training=False) if isinstance(spec, Dropout) else spec for spec in before), last)

    def trace(self) -> list[Stop]:
        """What every stage receives and gives, by formula; ends at the first stage that cannot be built."""
        stops, shape = [], INPUT_SHAPE
        for name in STAGES:
            spec = getattr(self, name)
            problem = spec.problem(shape)
            out = None if problem else spec.output_shape(shape)
            stops.append(Stop(name, spec, shape, out, problem))
            if problem:
                break
            shape = out
        return stops


STAGES = tuple(field.name for field in fields(Walk))


@dataclass(frozen=True)
class Stop:
    """One stage of a walk before anything is computed; `output_shape` is None where there is a `problem`."""

    name: str
    spec: Layer
    input_shape: Shape
    output_shape: Shape | None
    problem: str | None


@dataclass(frozen=True, eq=False)
class LayerResult:
    """What one Keras layer did to one image. Arrays are float32, read-only, without the batch axis."""

    spec: Layer
    inputs: np.ndarray
    weights: tuple[np.ndarray, ...]
    outputs: np.ndarray

    @property
    def dead_maps(self) -> np.ndarray:
        """(channels,) bool: maps (or units) of the output that are zero everywhere."""
        return ~self.outputs.any(axis=tuple(range(self.outputs.ndim - 1)))


def as_input(image: np.ndarray, scaled: bool = True) -> np.ndarray:
    """uint8 (28, 28) → float32 (28, 28, 1) in [0, 1], or as stored, in [0, 255], where not `scaled`; read-only."""
    pixels = image[..., np.newaxis].astype(np.float32)
    return _readonly(pixels / 255 if scaled else pixels)


def run_layer(spec: Layer, inputs: np.ndarray) -> LayerResult:
    """Build the Keras layer of `spec` and call it on `inputs` (no batch axis).

    Raises ValueError with the spec's own sentence where the layer cannot follow this input.
    """
    if problem := spec.problem(inputs.shape):
        raise ValueError(problem)
    layer = spec.build()
    batch = inputs[np.newaxis]
    layer.build(batch.shape)
    chosen = spec.weights(inputs.shape) if isinstance(spec, Conv2D) else None
    if chosen is not None:
        layer.set_weights(chosen)
    options = {"training": spec.training} if isinstance(spec, Dropout) else {}
    outputs = layer(batch, **options)
    weights = tuple(_readonly(array) for array in layer.get_weights()) if layer.trainable_weights else ()
    return LayerResult(spec, inputs, weights, _readonly(np.asarray(outputs)[0]))


def run(specs: tuple[Layer, ...], inputs: np.ndarray) -> list[LayerResult]:
    """The walk itself: each layer receives the output of the one before."""
    results = []
    for spec in specs:
        results.append(run_layer(spec, inputs))
        inputs = results[-1].outputs
    return results


def _readonly(array: np.ndarray) -> np.ndarray:
    array.setflags(write=False)
    return array


def as_code(walk: Walk, stage: str, split: str, index: int, scaled: bool = True) -> str:
    """A script that computes what the page of `stage` shows: `layer`, its input `x` and its output `y`.

    `split` is "train" or "test", `index` the position of the digit in that half of MNIST; scaled: see `as_input`.
    """
    scaling = " / 255  # (batch, height, width, channels)" if scaled else "  # as stored: 0 to 255"
    lines = [
        "import numpy as np",
        "import tensorflow as tf",
        "",
        "# the same arrays as tf.keras.datasets.mnist.load_data(), without a download",
        'with np.load("assets/mnist.npz") as mnist:',
        f'    image = mnist["x_{split}"][{index}]  # uint8 (28, 28)',
        'x = image[np.newaxis, ..., np.newaxis].astype("float32")' + scaling,
    ]
    shape = INPUT_SHAPE
    for number, spec in enumerate(walk.upto(stage)):
        lines += ["", *_stage_code(spec, shape, first=number == 0)]
        shape = spec.output_shape(shape)
    lines += ["", "print(y.shape, [weights.shape for weights in layer.get_weights()])"]
    return "\n".join(lines)


def _stage_code(spec: Layer, shape: Shape, first: bool) -> list[str]:
    lines = [] if first else ["x = y"]
    lines.append(f"layer = {spec.as_code()}")
    if isinstance(spec, Conv2D) and (setting := spec.weights_as_code(shape)):
        lines.append(setting)
    call = f"layer(x, training={spec.training})" if isinstance(spec, Dropout) else "layer(x)"
    lines.append(f"y = {call}  # {(1, *spec.output_shape(shape))}")
    return lines
