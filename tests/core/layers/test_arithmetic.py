"""What a layer says of its arithmetic, worked out by plain loops, is what Keras gives at rest."""

import numpy as np
import pytest

from core.layers.activation import FUNCTIONS
from core.layers.arithmetic import TAKES
from core.layers.kinds import (
    KINDS,
    Activation,
    BatchNormalization,
    Conv2D,
    Dense,
    DepthwiseConv2D,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    Pooling,
)
from core.network import activations
from tests.core.layers.by_hand import output
from tests.toy_kind import UpSampling2D


def noise(*shape):
    return np.random.default_rng(7).normal(size=shape).astype(np.float32)


SPECS = [
    Conv2D(3, (3, 2), (2, 1), activation="relu", bias=0.5),
    Conv2D(2, (2, 2), padding="valid", dilation_rate=(2, 1), use_bias=False, activation="softmax"),
    DepthwiseConv2D((3, 2), depth_multiplier=2, activation="tanh", bias=-0.2),
    Pooling(),
    Pooling("average", (3, 2), (1, 2), "same"),
    *(Activation(name) for name in FUNCTIONS),
    Activation("leaky_relu", negative_slope=0.05),
    Activation("elu", alpha=0.3),
    BatchNormalization(training=True),
    BatchNormalization(epsilon=0.1, center=False),
    BatchNormalization(scale=False),
    GlobalAveragePooling2D(),
    Flatten(),
    Dense(4, "leaky_relu", bias=0.1),
    Dense(3, "softmax", use_bias=False),
    Dropout(0.5, training=True),
]


@pytest.mark.parametrize("spec", SPECS, ids=repr)
@pytest.mark.parametrize("shape", [(5, 6, 3), (7,)], ids=str)
def test_the_output_is_what_its_layer_says(spec, shape):
    if spec.problem(shape):
        shape = (4, 3, 2)
    inputs = noise(*shape)
    weights = tuple(np.abs(noise(*each)) for each in spec.weight_shapes(shape))
    result = activations.run_layer(spec.at_rest(), inputs, weights)
    found = output(spec.arithmetic(shape, weights), inputs.reshape((1, 1, -1) if len(shape) == 1 else shape))
    np.testing.assert_allclose(found.reshape(result.outputs.shape), result.outputs, rtol=1e-4, atol=1e-5)


def test_every_kind_says_its_arithmetic_in_the_known_words():
    for spec in (kind() for kind in KINDS):
        weights = [np.ones(each, np.float32) for each in spec.weight_shapes((9, 9, 2))]
        assert spec.arithmetic((9, 9, 2), weights).takes in TAKES


def test_every_kind_is_tried_above():
    assert {type(spec) for spec in SPECS} == set(KINDS)


def test_who_says_nothing_of_cells_says_nothing_of_all_of_them():
    assert UpSampling2D().arithmetic((5, 6, 3)) is None
