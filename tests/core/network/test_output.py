"""What a network ends in: said of the network and of the Keras model alike, and the logits before it."""

import keras
import numpy as np
import pytest

from core.network import output
from core.network.evaluation import evaluate
from core.network.notation import parse
from core.network.saved import as_batch

IMAGES = np.random.default_rng(0).random((6, 28, 28), np.float32)
LABELS = np.arange(6)
ENDS = {
    "Dense 10 softmax": "softmax",
    "Dense 10 - Activation softmax": "softmax",
    "Dense 10 sigmoid": "sigmoid",
    "Dense 10 use_bias false softmax": "softmax",
    "Dense 10 - Activation sigmoid": "sigmoid",
    "Dense 10": "linear",
    "Dense 10 - ReLU": "relu",
    "Dense 10 tanh": "tanh",
}


@pytest.mark.parametrize("end", ENDS)
def test_the_network_and_its_model_say_the_same(end):
    network, function = parse(f"Flatten - {end}").seeded(3), ENDS[end]
    model = network.build()
    assert output.size_problem(network) is None
    assert (output.problem(network, (function,)), network.layers[-1][1].last_function) == (None, function)
    assert output.hides_logits(model) == (function in output.PROBABILITIES)
    before = keras.Model(model.inputs, output.before_logits(model))(as_batch(IMAGES))
    logits = np.asarray(output.logits(model, before), np.float64)
    answers = np.asarray(model(as_batch(IMAGES)), np.float64)
    match function:
        case "softmax":
            made = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        case "sigmoid":
            made = 1 / (1 + np.exp(-logits))
        case _:
            made = logits
    np.testing.assert_allclose(made, answers, atol=1e-5)


@pytest.mark.parametrize("end", [end for end, function in ENDS.items() if function in output.PROBABILITIES])
def test_every_end_is_evaluated_as_keras_does(end):
    model = parse(f"Conv2D 2 5 tanh - Flatten - {end}").seeded(1).build()
    model.set_weights([30 * array for array in model.get_weights()])  # sure of itself: some answers are 0 in float32
    found = evaluate(model, IMAGES, LABELS)
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    loss, accuracy = model.evaluate(as_batch(IMAGES), LABELS, verbose=0)
    assert (found.loss, found.accuracy) == (pytest.approx(loss, rel=1e-4), pytest.approx(accuracy))


def test_a_layer_of_keras_that_is_softmax_counts_too():
    inputs = keras.Input((28, 28, 1))
    model = keras.Model(inputs, keras.layers.Softmax()(keras.layers.Dense(10)(keras.layers.Flatten()(inputs))))
    assert output.hides_logits(model) and output.before_logits(model) is model.layers[-1].input


@pytest.mark.parametrize(("text", "gives"), [("Flatten - Dense 3", "gives 3."), ("Dense 10", "gives 28 × 28 × 10.")])
def test_ten_values_are_asked_for_first(text, gives):
    network = parse(text)
    assert output.problem(network, ("softmax",)) == output.size_problem(network)
    assert output.size_problem(network).endswith(gives)
