"""Maps scaled and switched off: held to Keras models that multiply by themselves, and to whole networks."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data import mnist
from core.network import ablation, saved
from core.network.notation import parse

TEXT = "Conv2D 3 3 relu - MaxPool2D - Dropout 0.5 training true - Flatten - Dense 6 relu - Dense 10"
IMAGES = mnist.half("test").images[:8]


def model(end):
    return parse(TEXT + end).build()


@pytest.mark.parametrize("end", ["", " softmax", " - Softmax"])
def test_without_scales_it_answers_as_predict_does(end):
    network = model(end)
    found = ablation.answers(network, IMAGES)
    np.testing.assert_allclose(found.values, saved.predict(network, IMAGES), rtol=1e-5, atol=1e-6)
    shifted = np.exp(found.logits - found.logits.max(axis=-1, keepdims=True))
    expected = found.logits if not end else shifted / shifted.sum(axis=-1, keepdims=True)
    np.testing.assert_allclose(found.values, expected, rtol=1e-4, atol=1e-6)


@given(st.sampled_from(["conv2d", "max_pooling2d", "dense"]), st.integers(0, 2), st.floats(-2, 2, width=32))
@settings(max_examples=12)
def test_a_scaled_map_is_a_scaled_kernel_where_the_layer_behind_reads_it(name, number, factor):
    network = model(" softmax")
    found = ablation.answers(network, IMAGES, {name: {number: factor}})
    # the same by scaling the weights that read the map
    other = model(" softmax")
    reader = other.get_layer("dense_1" if name == "dense" else "dense")
    kernel, bias = reader.get_weights()
    reading = np.arange(len(kernel)) == number if name == "dense" else np.arange(len(kernel)) % 3 == number
    kernel[reading] *= factor
    reader.set_weights([kernel, bias])
    if name == "conv2d" and factor < 0:
        return  # the maximum of a negated map is another one
    np.testing.assert_allclose(found.values, saved.predict(other, IMAGES), rtol=1e-4, atol=1e-5)


def test_switching_all_maps_off_leaves_the_biases():
    network = model(" softmax")
    found = ablation.answers(network, IMAGES, {"conv2d": {0: 0, 1: 0, 2: 0}})
    assert np.ptp(found.values, axis=0).max() < 1e-6
    assert found.accuracy(mnist.half("test").labels[:8]) <= 1


def test_accuracy_is_the_share_of_right_answers():
    values = np.eye(10, dtype=np.float32)[[3, 4, 5, 5]]
    assert ablation.Answers(values, values).accuracy(np.array([3, 4, 5, 6])) == 0.75


@pytest.mark.parametrize(
    ("scales", "words"),
    [
        ({"nobody": {0: 1}}, "must be one of the network's"),
        ({"conv2d": {3: 1}}, "from 0 to 2 of conv2d"),
        ({"conv2d": {-1: 1}}, "from 0 to 2 of conv2d"),
        ({"conv2d": {0: float("nan")}}, "must be a number"),
    ],
)
def test_what_is_not_there_is_refused(scales, words):
    with pytest.raises(ValueError, match=words):
        ablation.answers(model(""), IMAGES, scales)


def test_layers_of_a_model_keep_their_names():
    assert isinstance(model(""), keras.Model)
    assert [layer.name for layer in model("").layers][1:] == list(parse(TEXT).names)
