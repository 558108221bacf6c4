"""BatchNormalization against Keras: both modes, what is collected, and every number that explains a value."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.layers import batch_normalization
from core.layers.kinds import BatchNormalization
from core.network import activations, exporting, importing
from core.network.activations import Tracer
from core.network.notation import as_text, parse
from core.training import loop
from core.training.spec import TrainingSpec
from tests.core.layers.strategies import layers_of

shapes = st.one_of(st.tuples(st.integers(1, 6), st.integers(1, 6), st.integers(1, 4)), st.tuples(st.integers(1, 9)))


def noise(shape, seed=0):
    return np.random.default_rng(seed).normal(0.5, 2, shape).astype(np.float32)


def learned(spec, shape, seed=0):
    """Weights as a training may leave them; variances are never negative."""
    rng = np.random.default_rng(seed)
    names, sizes = spec.weight_names(shape), spec.weight_shapes(shape)
    return [
        (rng.uniform(0.1, 3, size) if name == "moving_variance" else rng.normal(size=size)).astype(np.float32)
        for name, size in zip(names, sizes, strict=True)
    ]


def by_keras(spec, inputs, weights):
    """What the layer with these weights gives, and its weights after the call."""
    layer = spec.build()
    layer.build((1, *inputs.shape))
    layer.set_weights(weights)
    return np.asarray(layer(inputs[np.newaxis], **spec.call_arguments()))[0], layer.get_weights()


@settings(deadline=None, derandomize=True, max_examples=60)
@given(layers_of(BatchNormalization), shapes, st.integers(0, 99))
def test_every_value_is_explained_as_keras_computed_it(spec, shape, seed):
    spec = replace(spec, epsilon=max(spec.epsilon, 1e-3))  # below, float32 itself is far from exact for equal pixels
    inputs, weights = noise(shape, seed), learned(spec, shape, seed)
    outputs, after = by_keras(spec, inputs, weights)
    for cell in np.ndindex(shape):
        step = batch_normalization.normalization(spec, inputs, tuple(weights), cell)
        assert step.value == inputs[cell] and step.deviation**2 == pytest.approx(step.variance + spec.epsilon)
        assert step.gamma * (step.value - step.mean) / step.deviation + step.beta == pytest.approx(step.total)
        assert step.total == pytest.approx(float(outputs[cell]), rel=1e-3, abs=1e-3)
    moved = batch_normalization.moved_statistics(spec, inputs, tuple(weights))
    for ours, theirs in zip(moved, after[-2:], strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)


def test_while_training_an_image_has_mean_0_and_variance_1_over_its_own_pixels():
    inputs = noise((7, 6, 3))
    result = activations.run_layer(BatchNormalization(training=True), inputs)
    np.testing.assert_allclose(result.outputs.mean(axis=(0, 1)), 0, atol=1e-5)
    np.testing.assert_allclose(result.outputs.var(axis=(0, 1)), 1, atol=1e-3)
    # the weights that are shown are those of before the call
    for array, expected in zip(result.weights, (1, 0, 0, 1), strict=True):
        np.testing.assert_array_equal(array, np.full(3, expected))


def test_at_rest_a_fresh_one_changes_next_to_nothing():
    inputs = noise((7, 6, 3))
    result = activations.run_layer(BatchNormalization(training=True).at_rest(), inputs)
    np.testing.assert_allclose(result.outputs, inputs / np.sqrt(1.001), rtol=1e-5)


def test_a_single_row_says_nothing_of_its_features_while_training():
    result = activations.run_layer(BatchNormalization(training=True), noise((5,)))
    np.testing.assert_array_equal(result.outputs, np.zeros(5))


@pytest.mark.parametrize(
    ("text", "layer"),
    [
        ("BatchNormalization", BatchNormalization()),
        ("BatchNormalization momentum 0.9 scale false", BatchNormalization(0.9, scale=False)),
        ("BatchNormalization epsilon 1e-05 training true", BatchNormalization(epsilon=1e-5, training=True)),
    ],
)
def test_its_text(text, layer):
    assert parse(text).layers == (("batch_normalization", layer),) and as_text(parse(text)) == text


def test_what_a_training_collects_is_used_afterwards_and_survives_a_file():
    # no bias before it: the mean is taken away anyhow, so its gradient is rounding only, which Adam makes into steps
    text = (
        "Conv2D 3 5 use_bias false - BatchNormalization momentum 0.5 - ReLU - MaxPool2D 4 - Flatten - Dense 10 softmax"
    )
    network = parse(text)
    spec = TrainingSpec(
        network=network, examples=300, validation=100, epochs=1, batch_size=64, optimizer="sgd", learning_rate=0.05
    )
    both = [loop.train(replace(spec, engine=engine)).weights() for engine in ("fit", "loop")]
    for one, other in zip(*both, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-5)
    stage = network.stages()[1]
    assert stage.spec.weight_names(stage.input_shape) == ("gamma", "beta", "moving_mean", "moving_variance")
    start = dict(
        zip(("gamma", "beta", "moving_mean", "moving_variance"), network.build().get_weights()[1:5], strict=True)
    )
    model = network.build()
    model.set_weights(both[0])
    result = Tracer(model, network).trace(noise((28, 28, 1)))["batch_normalization"]
    for name, array in zip(start, result.weights, strict=True):
        assert np.abs(array - start[name]).max() > 0, name
    for cell in ((0, 0, 0), (11, 3, 2), (23, 23, 1)):
        step = batch_normalization.normalization(stage.spec, result.inputs, result.weights, cell)
        assert step.total == pytest.approx(float(result.outputs[cell]), rel=1e-3, abs=1e-4)
    header, arrays = importing.read_here("keras", "", exporting.as_keras_file(network, both[0]))
    assert header["text"] == as_text(network)
    for one, other in zip(arrays, both[0], strict=True):
        np.testing.assert_array_equal(one, other)
