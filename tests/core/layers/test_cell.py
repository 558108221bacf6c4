"""What a layer says of one cell of its maps, worked out by a plain loop, is what Keras gives in that cell."""

import numpy as np
import pytest

from core.layers.cell import TAKES
from core.layers.kinds import KINDS, Activation, Conv2D, DepthwiseConv2D, Dropout, Flatten, Pooling
from core.network import activations
from tests.core.layers.by_hand import of_cells


def noise(*shape):
    return np.random.default_rng(7).normal(size=shape).astype(np.float32)


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
    np.testing.assert_allclose(of_cells(result), result.outputs, rtol=1e-4, atol=1e-5)


def test_a_map_of_a_kernel_for_each_channel_reads_the_one_that_keras_gives_it():
    spec = DepthwiseConv2D((3, 2), depth_multiplier=2)
    result = activations.run_layer(spec, noise(5, 6, 3))
    for map in range(6):
        only = np.zeros_like(result.inputs)
        channel = spec.cell().channel_of(map, 3, 6)
        only[:, :, channel] = result.inputs[:, :, channel]
        alone = activations.run_layer(spec, only, result.weights).outputs
        np.testing.assert_allclose(alone[:, :, map], result.outputs[:, :, map], rtol=1e-4, atol=1e-5)


def test_what_is_said_is_one_of_the_known_words():
    assert all(spec.cell() is None or spec.cell().takes in TAKES for spec in (kind() for kind in KINDS))
    assert Flatten().cell() is None and Dropout().cell().takes == "value"
    # softmax looks at all channels: no value says what it becomes
    assert Activation("softmax").cell() is None
