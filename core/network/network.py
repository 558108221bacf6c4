"""Basic_CNN and its relatives: a frozen NetworkSpec, its layers by formula, and the Keras model it builds.

TensorFlow is imported where a model is built or called, so that a page shows shapes and errors before it has loaded.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from core.layers import Activation, Conv2D, Dense, Dropout, Flatten, Layer, Pooling, Shape
from core.layers.activation import ACTIVATIONS
from core.layers.stack import CLASSES, INPUT_SHAPE, LayerResult

FILE = Path(__file__).resolve().parents[2] / "assets" / "basic_cnn.keras"
NAME = "Basic_CNN"
FLOAT_BYTES = 4
# from smallest to largest; beyond them a training on a small machine takes hours
LIMITS = {
    "blocks": (1, 3),
    "convolutions": (1, 3),
    "filters": (1, 128),
    "kernel_size": (1, 7),
    "dense_units": (1, 1024),
}
LARGEST_DROPOUT = 0.9
SEEDS = 10_000
# images that a model sees at once: of 100 to 1,000, the fastest on a small CPU
_CHUNK = 250


class NetworkError(RuntimeError):
    """A stored network that is missing or cannot be used; the message is for the person at the screen."""


@dataclass(frozen=True)
class NamedLayer:
    """One layer of a network: its Keras name, its spec, and what it takes and gives for one image."""

    name: str
    spec: Layer
    input_shape: Shape
    output_shape: Shape

    @property
    def parameters(self) -> int:
        """Weights and biases."""
        return self.spec.parameters(self.input_shape)

    @property
    def multiply_adds(self) -> int:
        """Multiplications for one image."""
        return self.spec.multiply_adds(self.input_shape)

    @property
    def activation_bytes(self) -> int:
        """Memory of its output for one image in float32."""
        return int(np.prod(self.output_shape)) * FLOAT_BYTES


@dataclass(frozen=True)
class NetworkSpec:
    """Blocks of convolutions, then a hidden Dense layer and ten units with softmax.

    `filters` has one entry a block. A block is `convolutions` times [Conv2D with same padding, activation], then
    MaxPool 2×2 and Dropout. The defaults are Basic_CNN.
    """

    filters: tuple[int, ...] = (32, 64)
    convolutions: int = 2
    kernel_size: int = 3
    activation: str = "relu"
    dense_units: int = 512
    dropout: float = 0.25

    def problem(self) -> str | None:
        """One sentence why this network is outside the limits, or None."""
        counts = {
            "blocks": len(self.filters),
            "convolutions": self.convolutions,
            "kernel_size": self.kernel_size,
            "dense_units": self.dense_units,
        }
        values = [*counts.items(), *(("filters", filters) for filters in self.filters)]
        for name, value in values:
            low, high = LIMITS[name]
            if not _is_count(value) or not low <= value <= high:
                return f"{name} must be a whole number from {low} to {high}, not {value}."
        if self.activation not in ACTIVATIONS:
            return f"The activation must be one of {', '.join(ACTIVATIONS)}, not {self.activation!r}."
        if not 0 <= self.dropout <= LARGEST_DROPOUT:
            return f"The dropout rate must be from 0 to {LARGEST_DROPOUT}, not {self.dropout}."
        return None

    def layers(self, seed: int = 0) -> tuple[NamedLayer, ...]:
        """All layers in order, input left out. Each draws its start weights with a seed of its own, made from `seed`.

        Raises ValueError with the sentence of `problem`.
        """
        if problem := self.problem():
            raise ValueError(problem)
        named, shape = [], INPUT_SHAPE
        for name, spec in self._specs(seed):
            output = spec.output_shape(shape)
            named.append(NamedLayer(name, spec, shape, output))
            shape = output
        return tuple(named)

    def _specs(self, seed: int):
        seeds = iter(range(seed * 100, seed * 100 + 100))
        for block, filters in enumerate(self.filters, 1):
            for i in range(1, self.convolutions + 1):
                convolution = Conv2D(filters, (self.kernel_size,) * 2, seed=next(seeds))
                yield f"block{block}_conv{i}", convolution
                yield f"block{block}_activation{i}", Activation(self.activation)
            yield f"block{block}_pool", Pooling()
            yield f"block{block}_dropout", Dropout(self.dropout, seed=next(seeds))
        yield "flatten", Flatten()
        yield "dense", Dense(self.dense_units, "linear", seed=next(seeds))
        yield "dense_activation", Activation(self.activation)
        yield "dense_dropout", Dropout(self.dropout, seed=next(seeds))
        yield "output", Dense(CLASSES, "linear", seed=next(seeds))
        yield "probabilities", Activation("softmax")

    def parameter_count(self) -> int:
        """Weights and biases of all layers together, by formula."""
        return sum(layer.parameters for layer in self.layers())

    def build(self, seed: int = 0, policy: str = "float32"):
        """The functional Keras model with its start weights.

        policy: Keras' dtype policy, "float32" or "mixed_bfloat16"; weights and probabilities are float32 in both.
        Raises ValueError with the sentence of `problem`.
        """
        import keras

        x = inputs = keras.Input(INPUT_SHAPE, name="image")
        named = self.layers(seed)
        for layer in named:
            made = layer.spec.build()
            made.name = layer.name
            # softmax in bfloat16 would leave probabilities three digits, and the loss with them
            made.dtype_policy = policy if layer is not named[-1] else "float32"
            x = made(x)
        return keras.Model(inputs, x, name=NAME)

    def as_code(self, seed: int = 0) -> str:
        """A script that builds the same `model` with the same start weights."""
        lines = [
            "import tensorflow as tf",
            "",
            "layers = tf.keras.layers",
            "start = tf.keras.initializers.GlorotUniform  # how the first weights are drawn",
            "",
            f'inputs = layers.Input(shape={INPUT_SHAPE}, name="image")',
        ]
        source = "inputs"
        for layer in self.layers(seed):
            if layer.name.endswith("conv1") or layer.name == "flatten":
                lines.append("")
            lines.append(f"x = {_layer_code(layer)}({source})")
            source = "x"
        return "\n".join([*lines, "", f'model = tf.keras.Model(inputs, x, name="{NAME}")', "model.summary()"])

    def as_dict(self) -> dict:
        """Plain JSON values; `from_dict` is the inverse."""
        return {**asdict(self), "filters": list(self.filters)}

    @classmethod
    def from_dict(cls, values: dict) -> NetworkSpec:
        """Raises ValueError with one sentence where a value is missing, unknown or outside the limits."""
        try:
            spec = cls(**{**values, "filters": tuple(values["filters"])})
            problem = spec.problem()
        except (TypeError, KeyError) as error:
            raise ValueError(f"A stored network needs filters, kernel_size and so on; this one: {error}.") from error
        if problem:
            raise ValueError(problem)
        return spec


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _layer_code(layer: NamedLayer) -> str:
    """The constructor on one line: only what differs from Keras' defaults, and the name."""
    spec, name = layer.spec, f'name="{layer.name}"'
    match spec:
        case Conv2D():
            size = spec.kernel_size[0]
            start = f"kernel_initializer=start(seed={spec.seed})"
            return f'layers.Conv2D({spec.filters}, {size}, padding="same", {start}, {name})'
        case Dense():
            return f"layers.Dense({spec.units}, kernel_initializer=start(seed={spec.seed}), {name})"
        case Dropout():
            return f"layers.Dropout({spec.rate}, seed={spec.seed}, {name})"
        case Pooling():
            return f"layers.MaxPool2D(2, {name})"
    call = spec.as_code().removeprefix("tf.keras.")
    return f"{call[:-1]}{'' if call.endswith('()') else ', '}{name})"


@lru_cache(maxsize=1)
def load_pretrained():
    """The shipped network, trained by `python -m core.pretrained`: a Keras model of NetworkSpec(), read once.

    Raises NetworkError with one sentence where its file is missing or broken.
    """
    return load(FILE)


def load(path: Path):
    """A Keras model from a .keras file, not compiled. Raises NetworkError with one sentence."""
    import keras

    shown = f"{path.parent.name}/{path.name}"
    if not path.exists():
        raise NetworkError(f"A trained network is expected in {shown}, and there is no such file.")
    try:
        return keras.models.load_model(path, compile=False)
    except Exception as error:  # Keras raises whatever its zip, JSON and HDF5 readers raise
        raise NetworkError(
            f"{shown} should hold a trained network, and Keras cannot read it: the file is damaged."
        ) from error


def as_batch(images: np.ndarray) -> np.ndarray:
    """float32 (n, 28, 28, 1) in [0, 1] from one image or many, with or without a channel axis.

    uint8 counts as 0-255, anything else as 0-1. Raises ValueError for any other shape.
    """
    images = np.asarray(images)
    shape = images.shape
    if shape[-3:] != INPUT_SHAPE:
        images = images[..., np.newaxis]
    if images.ndim == 3:
        images = images[np.newaxis]
    if images.ndim != 4 or images.shape[1:] != INPUT_SHAPE:
        raise ValueError(f"Expected images of 28 × 28 pixels, (n, 28, 28) or (n, 28, 28, 1), got {shape}.")
    if images.dtype == np.uint8:
        return images.astype(np.float32) / 255
    return images.astype(np.float32)


def predict(model, images: np.ndarray) -> np.ndarray:
    """(n, 10) float32 probabilities of the ten digits for images as `as_batch` takes them."""
    batch = as_batch(images)
    chunks = [model.predict_on_batch(batch[i : i + _CHUNK]) for i in range(0, len(batch), _CHUNK)]
    return np.concatenate(chunks) if chunks else np.empty((0, CLASSES), np.float32)


class Tracer:
    """A model that shows what every layer gives, not only the last: `trace(image)` for one image at a time.

    It shares the model's weights. spec: what the model was built from.
    """

    def __init__(self, model, spec: NetworkSpec):
        import keras

        self.layers = spec.layers()
        self.stages = [model.get_layer(layer.name) for layer in self.layers]
        self.model = keras.Model(model.inputs, [stage.output for stage in self.stages])

    def trace(self, image: np.ndarray) -> dict[str, LayerResult]:
        """Every layer's inputs, weights and outputs for one image, by layer name, as the layer pages show them."""
        batch = as_batch(image)
        outputs = [output[0] for output in self.model.predict_on_batch(batch)]
        inputs = [batch[0], *outputs[:-1]]
        results = {}
        for layer, stage, before, after in zip(self.layers, self.stages, inputs, outputs, strict=True):
            weights = tuple(_readonly(array) for array in stage.get_weights()) if layer.parameters else ()
            results[layer.name] = LayerResult(layer.spec, _readonly(before), weights, _readonly(after))
        return results


def _readonly(array: np.ndarray) -> np.ndarray:
    array = np.asarray(array)
    array.setflags(write=False)
    return array
