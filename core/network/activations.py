"""What layers do to one image: each layer's input, weights and output, computed by Keras."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.layers.layer import Layer
from core.network import kept
from core.network.network import Network
from core.network.saved import as_batch

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True, eq=False)
class LayerResult:
    """What one Keras layer did to one image. Arrays are float32, read-only, without the batch axis.

    weights: as they were before the call, in the order of `spec.weight_names`.
    """

    spec: Layer
    inputs: np.ndarray
    weights: tuple[np.ndarray, ...]
    outputs: np.ndarray

    @property
    def dead_maps(self) -> np.ndarray:
        """(channels,) bool: maps (or units) of the output that are zero everywhere."""
        return np.logical_not(self.outputs.any(axis=tuple(range(self.outputs.ndim - 1))))


def as_input(image: np.ndarray, scaled: bool = True) -> np.ndarray:
    """uint8 (28, 28) → float32 (28, 28, 1) in [0, 1], or as stored, in [0, 255], where not `scaled`; read-only."""
    pixels = image[..., np.newaxis].astype(np.float32)
    return _readonly(pixels / 255 if scaled else pixels)


def run_layer(spec: Layer, inputs: np.ndarray, weights: tuple[np.ndarray, ...] = ()) -> LayerResult:
    """Build the Keras layer of `spec` and call it on `inputs` (no batch axis).

    weights: learned ones, as `get_weights()` gives them, in place of those that the layer would start with.

    Raises ValueError with the spec's own sentence where the layer cannot follow this input.
    """
    if problem := spec.problem(inputs.shape):
        raise ValueError(problem)
    if not weights and (found := kept.outputs(spec, inputs)):
        first, outputs = found
        return LayerResult(spec, inputs, tuple(map(_readonly, first)), _readonly(outputs))
    layer = spec.build()
    batch = inputs[np.newaxis]
    layer.build(batch.shape)
    if weights:
        layer.set_weights(weights)
    elif (chosen := spec.weights(inputs.shape)) is not None:
        layer.set_weights(chosen)
    # before the call: while training some layers change what they have collected, and that is not what they used
    used = tuple(_readonly(array) for array in layer.get_weights()) if spec.parameters(inputs.shape) else ()
    outputs = layer(batch, **spec.call_arguments())
    return LayerResult(spec, inputs, used, _readonly(np.asarray(outputs)[0]))


def run(specs: tuple[Layer, ...], inputs: np.ndarray) -> list[LayerResult]:
    """The walk itself: each layer receives the output of the one before."""
    results = []
    for spec in specs:
        results.append(run_layer(spec, inputs))
        inputs = results[-1].outputs
    return results


def _readonly(array: np.ndarray) -> np.ndarray:
    array = np.asarray(array)
    array.setflags(write=False)
    return array


class Tracer:
    """A model that shows what every layer gives, not only the last: `trace(image)` for one image at a time.

    It shares the model's weights. network: what the model was built from.
    """

    def __init__(self, model: keras.Model, network: Network):
        import keras

        self.layers = network.stages()
        self.stages = [model.get_layer(layer.name) for layer in self.layers]
        self.model = keras.Model(model.inputs, [stage.output for stage in self.stages])

    def trace(self, image: np.ndarray) -> dict[str, LayerResult]:
        """Every layer's inputs, weights and outputs for one image, by layer name, as the layer pages show them."""
        batch = as_batch(image)
        predicted = self.model.predict_on_batch(batch)
        # Keras gives a list only where there is more than one output
        outputs = [output[0] for output in (predicted if len(self.stages) > 1 else [predicted])]
        inputs = [batch[0], *outputs[:-1]]
        results = {}
        for layer, stage, before, after in zip(self.layers, self.stages, inputs, outputs, strict=True):
            weights = tuple(_readonly(array) for array in stage.get_weights()) if layer.parameters else ()
            results[layer.name] = LayerResult(layer.spec, _readonly(before), weights, _readonly(after))
        return results
