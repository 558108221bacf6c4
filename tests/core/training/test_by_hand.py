"""One image forward and back, and the step that follows, against the network itself and Keras' optimizers."""

import keras
import numpy as np
import pytest

from core.data import mnist
from core.network import notation, saved
from core.training import by_hand, data
from core.training.by_hand import Bench, Slopes, State
from core.training.loss_terms import loss_sum
from core.training.optimizers import OPTIMIZERS
from core.training.spec import LOSSES, TrainingSpec

TEXTS = {
    "function in the last layer": "Conv2D 3 3 relu - Dropout 0.5 - Flatten - Dense 8 leaky_relu - Dense 10 softmax",
    "function as a layer": "Conv2D 2 3 strides 2 - BatchNormalization - ReLU - Flatten - Dense 10 - Softmax",
    "names that Keras would give": "Flatten - activation=Dense 4 relu - activation_function=Dense 10 softmax",
    "one layer": "Flatten - Dense 10 softmax",
}
# where biases are 0 and pixels black, a ReLU stands at exactly 0: what its slope promises holds to one side only
SMOOTH = "Conv2D 2 3 tanh - Flatten - Dense 6 sigmoid - Dense 10 softmax"
IMAGE = mnist.sample("test", 18).image


def network_of(text):
    return notation.parse(text).seeded(3)


def reference(network, weights, spec, label):
    """The model, its loss and gradients, with nothing taken apart."""
    import tensorflow as tf

    model = network.build()
    model.set_weights(list(weights))
    encoded = data.encode(np.array([label]), spec.one_hot)
    with tf.GradientTape() as tape:
        loss = getattr(keras.losses, spec.loss)(encoded, model(saved.as_batch(IMAGE), training=False))[0]
    return model, float(loss), tape.gradient(loss, model.trainable_variables)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_two_steps_are_those_of_keras(text, loss, optimizer):
    network = network_of(text)
    spec = TrainingSpec(network=network, optimizer=optimizer, learning_rate=0.02, loss=loss)
    state = State(tuple(network.build().get_weights()))
    keras_optimizer = OPTIMIZERS[optimizer].build(0.02)
    model, _, _ = reference(network, state.weights, spec, 3)
    bench = Bench(network)
    for _ in range(2):
        found = bench.through(state.weights, IMAGE, 3, loss)
        _, value, gradients = reference(network, model.get_weights(), spec, 3)
        assert found.loss == pytest.approx(value, rel=1e-4)
        explained = loss_sum(found.logits, 3, loss)
        assert explained.total == pytest.approx(value, rel=1e-4)
        last = list(found.layers.values())[-1]
        np.testing.assert_array_equal(last.sums, found.logits)
        np.testing.assert_allclose(last.deltas, explained.deltas, rtol=1e-4, atol=1e-6)
        for mine, theirs in zip(found.gradients().values(), gradients, strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-3, atol=1e-3 * np.abs(theirs).max())
        keras_optimizer.apply(gradients, model.trainable_variables)
        state = by_hand.stepped(state, found, spec)
        for mine, theirs in zip(state.weights, model.get_weights(), strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-3, atol=2e-5)
        assert bench.loss(state.weights, IMAGE, 3, loss) == pytest.approx(
            reference(network, model.get_weights(), spec, 3)[1], rel=1e-3, abs=1e-5
        )


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_every_layer_with_learned_weights_is_there_as_it_is(text):
    network = network_of(text)
    weights = network.build().get_weights()
    found = Bench(network).through(weights, IMAGE, 3, LOSSES[0])
    assert list(found.layers) == [stage.name for stage in network.stages() if stage.parameters]
    model = network.build()
    model.set_weights(weights)
    for name, layer in found.layers.items():
        inside = keras.Model(model.input, model.get_layer(name).output)
        np.testing.assert_allclose(layer.outputs, inside(saved.as_batch(IMAGE), training=False)[0], atol=1e-6)
        for weight in layer.spec.weight_names(layer.inputs.shape):
            np.testing.assert_array_equal(layer.weight(weight), weights[layer.place(weight)])
        learned = [each.name for each in model.get_layer(name).trainable_weights]
        assert list(layer.gradients) == learned


def test_small_steps_do_what_the_slope_promises():
    network = network_of(SMOOTH)
    spec = TrainingSpec(network=network, optimizer="sgd", learning_rate=1e-4)
    before = State(tuple(network.build().get_weights()))
    bench = Bench(network)
    found = bench.through(before.weights, IMAGE, 3, spec.loss)
    after = by_hand.stepped(before, found, spec)
    change = bench.loss(after.weights, IMAGE, 3, spec.loss) - found.loss
    squares = sum(float(np.square(gradient).sum()) for gradient in found.gradients().values())
    assert by_hand.promised(before, after, found) == pytest.approx(-1e-4 * squares, rel=1e-2)
    assert change == pytest.approx(by_hand.promised(before, after, found), rel=0.05)


def test_the_difference_confirms_the_gradient_where_the_loss_is_smooth():
    network = network_of(SMOOTH)
    weights = network.build().get_weights()
    bench = Bench(network)
    found = bench.through(weights, IMAGE, 3, LOSSES[0])
    for layer in found.layers.values():
        for name, gradient in layer.gradients.items():
            position = int(np.abs(gradient).argmax())
            slopes = bench.slopes(weights, IMAGE, 3, LOSSES[0], layer.place(name), position)
            assert slopes.middle == pytest.approx(float(gradient.flat[position]), rel=1e-4)
            assert slopes.confirms(float(gradient.flat[position])) and not slopes.corner
            assert not slopes.confirms(-float(gradient.flat[position]))


def test_a_relu_at_exactly_zero_is_a_corner():
    """A bias at 0 over black pixels: TensorFlow says slope 0 there, the difference the mean of both sides."""
    network = network_of("Conv2D 1 3 relu - Flatten - Dense 10 softmax")
    weights = network.build().get_weights()
    weights[2] = np.abs(weights[2]) * np.linspace(-1, 1, 10, dtype=np.float32)
    bench = Bench(network)
    found = bench.through(weights, np.zeros((28, 28), np.uint8), 3, LOSSES[0])
    bias = found.layers["conv2d"].gradients["bias"]
    slopes = bench.slopes(weights, np.zeros((28, 28), np.uint8), 3, LOSSES[0], 1, 0)
    assert bias[0] == 0 and slopes.corner and not slopes.confirms(0.0)
    left, right = slopes.sides
    assert left == pytest.approx(0, abs=1e-8) and slopes.middle == pytest.approx(right / 2, rel=1e-2)


def test_rounding_is_no_corner():
    assert not Slopes(1.0, 1.0, 1.0 + 1e-15, 1e-5).corner
    assert Slopes(1.0, 1.0, 1.0 + 1e-8, 1e-5).corner


def test_one_number_alone_is_changed():
    weights = [np.zeros((2, 2), np.float32), np.zeros(3, np.float32)]
    changed = by_hand.with_one(weights, 0, 3, 5.0)
    assert changed[0].tolist() == [[0, 0], [0, 5]] and not weights[0].any()
    assert changed[1] is weights[1]


def test_after_steps_far_too_large_it_is_said_that_these_are_no_numbers():
    network = network_of(TEXTS["one layer"])
    weights = network.build().get_weights()
    found = Bench(network).through(weights, IMAGE, 3, LOSSES[0])
    assert found.finite
    assert not Bench(network).through([weights[0] * np.float32(np.inf), weights[1]], IMAGE, 3, LOSSES[0]).finite


def test_the_mean_over_several_images_is_keras_evaluate():
    network = network_of(TEXTS["function in the last layer"])
    weights = network.build().get_weights()
    half = mnist.half("test")
    model = network.build()
    model.set_weights(weights)
    model.compile(loss=LOSSES[0])
    expected = model.evaluate(saved.as_batch(half.images[:23]), half.labels[:23], verbose=0)
    found = Bench(network).mean_loss(weights, half.images[:23], half.labels[:23], LOSSES[0])
    assert found == pytest.approx(expected, rel=1e-4)
