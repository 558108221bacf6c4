"""What a layer says of one cell of its maps, worked out by a plain loop, is what Keras gives in that cell."""

import keras
import numpy as np
import pytest

from core.layers import KINDS, Activation, Conv2D, DepthwiseConv2D, Dropout, Flatten, Pooling
from core.layers.cell import TAKES
from core.layers.shapes import Axis
from core.network import activations


def noise(*shape):
    return np.random.default_rng(7).normal(size=shape).astype(np.float32)


def by_hand(result):
    """The output, from `cell`, `axes` and `map_kernels` alone."""
    inputs, spec = result.inputs, result.spec
    cell = spec.cell()
    height, width = spec.axes(inputs.shape) or (Axis(inputs.shape[0], 1), Axis(inputs.shape[1], 1))
    maps, channels = result.outputs.shape[-1], inputs.shape[-1]
    found = np.zeros((height.output, width.output, maps))
    for row, column, map in np.ndindex(found.shape):
        read = range(channels) if cell.all_channels else [cell.channel_of(map, channels, maps)]
        taps = [
            (i, j, r, c)
            for i, r in enumerate(height.window(row))
            for j, c in enumerate(width.window(column))
            if 0 <= r < inputs.shape[0] and 0 <= c < inputs.shape[1]
        ]
        values = [inputs[r, c, channel] for _, _, r, c in taps for channel in read]
        if cell.takes == "products":
            kernel, bias = spec.map_kernels(result.weights)
            weights = [kernel[i, j, k, map] for i, j, _, _ in taps for k in range(len(read))]
            found[row, column, map] = np.dot(values, weights) + (0 if bias is None else bias[map])
        else:
            found[row, column, map] = {"maximum": max, "mean": np.mean, "value": lambda one: one[0]}[cell.takes](values)
    return np.asarray(keras.activations.get(cell.function)(found))


@pytest.mark.parametrize(
    "spec",
    [
        Conv2D(3, (3, 2), activation="relu", bias=0.5),
        Conv2D(2, (2, 3), (2, 1), "valid", use_bias=False, activation="tanh"),
        Conv2D(2, (2, 2), dilation_rate=(2, 1)),
        Pooling(),
        Pooling("average", (3, 2), (1, 2), "same"),
        *(Activation(name) for name in ("relu", "sigmoid", "softplus", "gelu")),
        DepthwiseConv2D((3, 2), depth_multiplier=2, activation="tanh"),
        DepthwiseConv2D((2, 3), (2, 2), "valid", use_bias=False),
    ],
    ids=repr,
)
def test_a_cell_is_what_its_layer_says(spec):
    result = activations.run_layer(spec, noise(5, 6, 3))
    np.testing.assert_allclose(by_hand(result), result.outputs, rtol=1e-4, atol=1e-5)


def test_what_is_said_is_one_of_the_known_words():
    assert all(spec.cell() is None or spec.cell().takes in TAKES for spec in (kind() for kind in KINDS))
    assert Flatten().cell() is None and Dropout().cell().takes == "value"
    # softmax looks at all channels: no value says what it becomes
    assert Activation("softmax").cell() is None
