"""Built Keras layers, kept for the next setting of a slider.

To build a layer costs more than to call it (64 filters over 64 maps: 13 ms against 2), and most changes leave its
variables as they are: another bias, another seed, other chosen kernels are other values in the same arrays.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from core.layers.initializers import Constant, Random
from core.layers.layer import Layer, Shape

if TYPE_CHECKING:
    import keras

# what is larger is rare, and would fill the memory: 16 of these layers are 20 MB
_MOST_VALUES = 300_000
_LAYERS = 16
_ENDING = "_initializer"


@dataclass(eq=False)
class _Kept:
    layer: keras.Layer
    used: threading.Lock = field(default_factory=threading.Lock)


def outputs(spec: Layer, inputs: np.ndarray) -> tuple[Sequence[np.ndarray], np.ndarray] | None:
    """The first weights of a layer, as `get_weights()` gives them, and what it makes of `inputs` (no batch axis); None
    where a layer of this kind or size is not kept. It is what `spec.build()` would give, value by value."""
    shape = inputs.shape
    if not 0 < spec.parameters(shape) <= _MOST_VALUES:
        return None
    # without what Keras does not know: which values the weights have, or how the layer is called
    bare = replace(spec, **spec.own_defaults)
    weights = spec.weights(shape) or _first_weights(spec, shape)
    if weights is None or _structure(bare) != _structure(spec):
        return None
    kept = _kept(bare, shape)
    with kept.used:
        if kept.layer.built:
            kept.layer.set_weights(weights)
        else:
            _build(kept.layer, shape, _initializers(spec), weights)
        found = kept.layer(inputs[np.newaxis], **spec.call_arguments())
    return weights, np.asarray(found)[0]


def _build(layer: keras.Layer, shape: Shape, initializers: Sequence[str], weights: Sequence[np.ndarray]) -> None:
    """Its variables begin with `weights`: none are drawn that would be overwritten at once."""
    if len(initializers) == len(weights):
        for name, array in zip(initializers, weights, strict=True):
            setattr(layer, name, _Given(array))
        layer.build((1, *shape))
    else:
        layer.build((1, *shape))
        layer.set_weights(weights)


@dataclass(frozen=True, eq=False)
class _Given:
    """An initializer that gives these values."""

    values: np.ndarray

    def __call__(self, shape: Shape, dtype: str | None = None) -> np.ndarray:
        assert tuple(shape) == self.values.shape, f"{tuple(shape)} and {self.values.shape} should be the same"
        return self.values


def _structure(spec: Layer) -> dict[str, object]:
    """What variables and call depend on."""
    return {name: value for name, value in spec.config().items() if not name.endswith(_ENDING)}


@lru_cache(maxsize=_LAYERS)
def _kept(bare: Layer, shape: Shape) -> _Kept:
    return _Kept(bare.build())


def _initializers(spec: Layer) -> list[str]:
    """The names of what its first weights come of, in the order of the weights."""
    return [name for name in spec.config() if name.endswith(_ENDING)]


def _first_weights(spec: Layer, shape: Shape) -> Sequence[np.ndarray] | None:
    """As the initializers of the configuration draw them; None where not every array has one there."""
    config = spec.config()
    initializers = [config[name] for name in _initializers(spec)]
    shapes = spec.weight_shapes(shape)
    if len(initializers) != len(shapes):
        return None
    return [_drawn(*each) for each in zip(initializers, shapes, strict=True)]


@lru_cache(maxsize=2 * _LAYERS)
def _drawn(initializer: Random | Constant, shape: Shape) -> np.ndarray:
    array = np.asarray(initializer.build()(shape, dtype="float32"))
    array.setflags(write=False)
    return array
