"""README's recipe for a new kind of layer: its own file and one line in KINDS, and everything in core knows it.

The kind is made in memory, see tests/toy_kind.py; nothing in core was written for it.
"""

import json
from pathlib import Path

import keras
import numpy as np
import pytest

from core.layers import kinds
from core.layers.kinds import Dense, Flatten
from core.network import activations, keras_model, notation
from core.network.activations import Tracer
from core.network.network import Network
from core.scripts import layers as layers_script
from core.scripts.parts import mnist_image
from tests import toy_kind
from tests.toy_kind import UpSampling2D

TEXT = "Conv2D 3 3 strides 2 relu - UpSampling2D 3x2 bilinear - Flatten - Dense 10 softmax"
NAMES = ("conv2d", "up_sampling2d", "flatten", "dense")


@pytest.fixture(autouse=True)
def in_the_list(monkeypatch):
    toy_kind.add(monkeypatch)


@pytest.fixture
def network():
    return notation.parse(TEXT)


def test_it_is_in_the_list():
    assert kinds.KINDS[-1] is UpSampling2D


def test_in_the_text(network):
    assert network.names == NAMES
    assert network["up_sampling2d"] == UpSampling2D((3, 2), "bilinear")
    assert notation.as_text(network) == TEXT
    assert notation.parse(TEXT.replace("size 3x2", "3x2")) == network
    assert notation.layer_as_text(UpSampling2D()) == "UpSampling2D"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("UpSampling2D 9", "size of UpSampling2D must be from 1 to 4, not “9”."),
        ("UpSampling2D 2 cubic", "UpSampling2D takes size, interpolation; “cubic” is none of them."),
        ("UpSampling 2", "UpSampling2D, or a whole network"),
    ],
)
def test_in_the_sentences_of_the_text(text, said):
    with pytest.raises(notation.NotationError) as caught:
        notation.parse(text)
    assert said in str(caught.value)


def test_in_shapes_and_costs(network):
    stage = network.trace()[1]
    assert (stage.input_shape, stage.output_shape) == ((13, 13, 3), (39, 26, 3))
    assert (stage.parameters, stage.multiply_adds) == (0, 0)
    assert network.parameter_count() == network.build().count_params()


def test_where_it_does_not_fit_there_is_a_sentence():
    said = Network((("flatten", Flatten()), ("more", UpSampling2D()))).problem()
    assert said.startswith("more: UpSampling2D expects maps")


def test_in_the_model(network):
    layer = network.build().get_layer("up_sampling2d")
    assert type(layer) is keras.layers.UpSampling2D
    assert (layer.get_config()["size"], layer.get_config()["interpolation"]) == ((3, 2), "bilinear")


def test_in_the_code(network):
    made = {}
    exec(network.seeded(4).as_code(), made)
    batch = np.random.default_rng(0).random((2, 28, 28, 1), np.float32)
    np.testing.assert_array_equal(made["model"](batch), network.seeded(4).build()(batch))
    assert 'layers.UpSampling2D((3, 2), interpolation="bilinear", name="up_sampling2d")' in network.as_code()


def test_in_the_code_of_its_page(network, monkeypatch):
    monkeypatch.chdir(Path(__file__).resolve().parents[3])
    made = {}
    exec(layers_script.as_code(network, "up_sampling2d", mnist_image("test", 5)), made)
    result = activations.run(network.upto("up_sampling2d"), activations.as_input(made["image"]))[-1]
    np.testing.assert_allclose(np.asarray(made["y"])[0], result.outputs, atol=1e-6)
    assert made["y"].shape == (1, 39, 26, 3)


def test_in_what_a_model_does_to_an_image(network):
    model, image = network.build(), np.random.default_rng(0).random((28, 28, 1), np.float32)
    traced = Tracer(model, network).trace(image)
    assert list(traced) == list(NAMES)
    inside = keras.Model(model.input, model.get_layer("up_sampling2d").output)
    np.testing.assert_allclose(traced["up_sampling2d"].outputs, inside(image[np.newaxis])[0], atol=1e-6)


def test_in_a_file_that_somebody_brings():
    """A model that plain Keras made, with its config.json read and never built."""
    model = keras.Sequential(
        [keras.Input((28, 28, 1)), keras.layers.UpSampling2D((2, 1)), keras.layers.Flatten(), keras.layers.Dense(10)]
    )
    read, left_out = keras_model.from_config(json.loads(model.to_json()))
    assert [layer for _, layer in read][:2] == [UpSampling2D((2, 1)), Flatten()]
    assert isinstance([layer for _, layer in read][2], Dense) and left_out == []


def test_without_the_line_nothing_knows_it(monkeypatch):
    monkeypatch.undo()
    assert UpSampling2D not in kinds.KINDS
    with pytest.raises(notation.NotationError, match="UpSampling2D"):
        notation.parse(TEXT)
