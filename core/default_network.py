"""The default CNN as a list of specs: enough to count its weights before anything is built."""

from __future__ import annotations

from core.layers import Conv2DSpec, DenseSpec, FlattenSpec, Layer, PoolingSpec, parameters
from core.pipeline import CLASSES, INPUT_SHAPE


def _conv(filters: int) -> Conv2DSpec:
    return Conv2DSpec(filters=filters, activation="relu")


# Dropout is left out: it changes neither a shape nor a count.
LAYERS: tuple[Layer, ...] = (
    _conv(32),
    _conv(32),
    PoolingSpec(),
    _conv(64),
    _conv(64),
    PoolingSpec(),
    FlattenSpec(),
    DenseSpec(units=512),
    DenseSpec(units=CLASSES, activation="softmax"),
)


def parameter_count() -> int:
    """Weights and biases of all layers together, by formula."""
    total, shape = 0, INPUT_SHAPE
    for layer in LAYERS:
        total += parameters(layer, shape)
        shape = layer.output_shape(shape)
    return total
