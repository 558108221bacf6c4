"""A weight's gradient as a sum over the places where it is used, held to GradientTape on the network itself."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from core.layers.kinds import Activation, BatchNormalization, Conv2D, Dense, DepthwiseConv2D, Flatten
from core.layers.weight_use import gradient_sum
from core.network.network import INPUT_SHAPE, Network
from core.training.by_hand import Bench
from tests.core.network.test_any_network import fitting, quick
from tests.toy_kind import UpSampling2D

LOSS = "sparse_categorical_crossentropy"


def ended(network):
    """With ten probabilities at its end."""
    return Network((*network.layers, ("row", Flatten()), ("answer", Dense(10, "softmax", seed=9))))


def weights_of(network, seed):
    """None of them 0, and variances above 0: a bias at 0 would hide a factor that is wrong."""
    generator = np.random.default_rng(seed)
    drawn = [array + generator.normal(0, 0.2, array.shape) for array in network.build().get_weights()]
    names = [name for stage in network.stages() for name in stage.spec.weight_names(stage.input_shape)]
    return [
        (np.abs(array) + 0.1 if name == "moving_variance" else array).astype(np.float32)
        for name, array in zip(names, drawn, strict=True)
    ]


def taped(network, weights, image, label):
    """All gradients by GradientTape on the whole model, in the order of `trainable_variables`."""
    model = network.build()
    model.set_weights(weights)
    with tf.GradientTape() as tape:
        loss = keras.losses.SparseCategoricalCrossentropy()(np.array([label]), model(image[np.newaxis], training=False))
    return [gradient.numpy() for gradient in tape.gradient(loss, model.trainable_variables)]


@given(fitting(most=4), st.integers(0, 9), st.integers(0, 2**32 - 1), st.floats(0, 1, exclude_max=True))
@quick(25)
def test_gradients_of_any_network_are_sums_over_places(network, label, seed, where):
    network = ended(network)
    weights = weights_of(network, seed)
    image = np.random.default_rng(seed).random(INPUT_SHAPE, np.float32)
    found = Bench(network).through(weights, image, label, LOSS)
    expected = iter(taped(network, weights, image, label))
    for layer in found.layers.values():
        for name, gradient in layer.gradients.items():
            np.testing.assert_allclose(gradient, exact := next(expected), rtol=1e-4, atol=1e-4 * np.abs(exact).max())
            for position in {int(where * gradient.size), int(np.abs(gradient).argmax())}:
                use = layer.spec.weight_use(name, position, layer.inputs, layer.weights)
                terms = gradient_sum(use, layer.deltas)
                # as far as float32 adds up exactly
                allowed = 2e-5 * float(np.abs(terms.terms).sum()) + 1e-9
                assert terms.total == pytest.approx(float(gradient.flat[position]), abs=allowed)
                check_place(layer, name, position, use, terms)
    assert next(expected, None) is None


def check_place(layer, name, position, use, terms):
    """The sum at the place that counts most is Keras' value there, with the weight's own term in it."""
    place = terms.place(0)
    there = use.sum_at(place)
    scale = float(np.abs(layer.sums).max()) + abs(there.own) + sum(abs(amount) for _, amount in there.others)
    assert there.total == pytest.approx(float(layer.sums[(*place, use.map)]), abs=2e-5 * scale)
    weight = float(layer.weight(name).flat[position])
    assert there.own == pytest.approx(weight * float(use.factors[place]), rel=1e-5, abs=1e-12)
    if there.nearby is not None:
        assert there.nearby[there.tap] == pytest.approx(there.own, rel=1e-6)
    assert abs(terms.terms[place]) == np.abs(terms.terms).max()


@pytest.mark.parametrize(
    ("layer", "shape", "name"),
    [
        (Conv2D(3, (3, 2), (2, 1), dilation_rate=(1, 1)), (7, 6, 2), "kernel"),
        (Conv2D(2, (3, 3), padding="valid", dilation_rate=(2, 2)), (7, 7, 2), "kernel"),
        (Conv2D(2, (2, 2)), (3, 3, 2), "bias"),
        (DepthwiseConv2D((3, 2), depth_multiplier=2), (5, 4, 3), "kernel"),
        (DepthwiseConv2D((3, 3), depth_multiplier=3), (4, 4, 2), "bias"),
        (Dense(3, "linear"), (4,), "kernel"),
        (Dense(3, "linear"), (3, 2, 4), "kernel"),
        (Dense(3, "linear"), (3, 2, 4), "bias"),
        (BatchNormalization(), (3, 2, 4), "gamma"),
        (BatchNormalization(scale=False), (5,), "beta"),
    ],
)
def test_what_a_weight_reads_is_what_its_output_follows(layer, shape, name):
    """Every weight in turn: moved by 1, it moves each value of its map by its factor, and no other map."""
    generator = np.random.default_rng(1)
    inputs = generator.normal(size=shape).astype(np.float32)
    made = layer.build()
    made.build((None, *shape))
    weights = [np.abs(generator.normal(1, 0.3, array.shape)).astype(np.float32) for array in made.get_weights()]
    array = layer.weight_names(shape).index(name)
    made.set_weights(weights)
    before = np.asarray(made(inputs[np.newaxis]))[0].astype(float)
    for position in range(weights[array].size):
        moved = [each.copy() for each in weights]
        moved[array].flat[position] += 1
        made.set_weights(moved)
        change = np.asarray(made(inputs[np.newaxis]))[0] - before
        use = layer.weight_use(name, position, inputs, weights)
        np.testing.assert_allclose(change[..., use.map], use.factors, atol=1e-4)
        change[..., use.map] = 0
        np.testing.assert_allclose(change, 0, atol=1e-5)
        if use.rows is not None:
            check_source(inputs, use)


def check_source(inputs, use):
    """rows and columns say which input pixel each factor is."""
    assert use.factors.shape == (len(use.rows), len(use.columns))
    for (i, j), factor in np.ndenumerate(use.factors):
        row, column = use.rows[i], use.columns[j]
        inside = 0 <= row < inputs.shape[0] and 0 <= column < inputs.shape[1]
        assert factor in inputs[row, column] if inside else factor == 0


def test_what_is_collected_or_without_weights_has_no_use():
    inputs = np.ones((2, 2, 3), np.float32)
    weights = [np.ones(3, np.float32)] * 4
    assert BatchNormalization().weight_use("moving_mean", 0, inputs, weights) is None
    assert Activation().weight_use("kernel", 0, inputs, []) is None
    assert UpSampling2D().weight_use("kernel", 0, inputs, []) is None
