"""What a network answers when some of its maps are scaled or switched off.

Switching parts off to see what they were good for is called ablation; see Meyes, Lu, de Puiseux and Meisen, "Ablation
studies in artificial neural networks" (2019).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.network import output
from core.network.saved import as_batch

if TYPE_CHECKING:
    import keras

# images that a model sees at once: of 100 to 1,000, the fastest on a small CPU
_CHUNK = 250

# the name of a layer → a map or unit of it → what its values are multiplied with
Scales = Mapping[str, Mapping[int, float]]


@dataclass(frozen=True, eq=False)
class Answers:
    """What a network gives for n images: what its last layer gives, and the numbers before softmax, both (n, 10)."""

    values: np.ndarray
    logits: np.ndarray

    def accuracy(self, labels: np.ndarray) -> float:
        """The share of images whose largest value is at their label; labels: (n,)."""
        return float((self.values.argmax(axis=-1) == labels).mean())


def answers(model: keras.Model, images: np.ndarray, scales: Scales | None = None) -> Answers:
    """What `model` answers for images as `as_batch` takes them, each of its layers' outputs multiplied as `scales` say.

    Raises ValueError for a layer or a map that the model has not, and for a factor that is no number.
    """
    factors = {name: _factors(model, name, maps) for name, maps in (scales or {}).items()}
    batch = as_batch(images)
    chunks = [_run(model, batch[at : at + _CHUNK], factors) for at in range(0, len(batch), _CHUNK)]
    values, logits = (np.concatenate(parts) for parts in zip(*chunks, strict=True))
    return Answers(values, logits)


def _factors(model: keras.Model, name: str, maps: Mapping[int, float]) -> np.ndarray:
    """(channels,) of a layer."""
    layer = next((layer for layer in model.layers if layer.name == name), None)
    if layer is None:
        raise ValueError(f"A layer that is scaled must be one of the network's, and {name!r} is none.")
    found = np.ones(layer.output.shape[-1], np.float32)
    for number, factor in maps.items():
        if not 0 <= number < len(found) or not np.isfinite(factor):
            raise ValueError(
                f"A factor must be a number for a map from 0 to {len(found) - 1} of {name}, not {factor} for {number}."
            )
        found[number] = factor
    return found


def _run(model: keras.Model, batch: np.ndarray, factors: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    import keras

    layers = [layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]
    values = inputs = batch
    for layer in layers:
        inputs, values = values, layer(values)
        if layer is layers[-1]:
            # before its own factor, as the function makes probabilities of them
            logits = output.logits(model, inputs if output.hides_logits(model) else values)
        if layer.name in factors:
            values = values * factors[layer.name]
    return np.asarray(values), np.asarray(logits)
