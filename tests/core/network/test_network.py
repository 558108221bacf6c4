"""The full CNN against Keras itself: shapes, parameters, code, start weights, predictions, what every layer gives."""

import json
from dataclasses import asdict, replace
from itertools import product
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data import mnist
from core.layers.activation import ACTIVATIONS
from core.layers.kinds import Activation, Conv2D, Dense, Dropout
from core.network import network, presets, saved
from core.network.activations import Tracer
from core.network.network import NetworkError
from core.network.presets import LARGEST_DROPOUT, LIMITS, Blocks
from core.scripts import network as network_script
from core.scripts.parts import load_file, mnist_image

ROOT = Path(__file__).resolve().parents[3]
BLOCKS = Blocks((3, 4), 1, 3, "relu", 6, 0.25)
SMALL = BLOCKS.network()


def quick(examples):
    return settings(deadline=None, derandomize=True, max_examples=examples)


@st.composite
def blocks(draw, largest=6):
    """Small networks of every form: one to three blocks, even kernels, every activation."""
    low, high = LIMITS["blocks"]
    filters = draw(st.lists(st.integers(1, largest), min_size=low, max_size=high))
    return Blocks(
        filters=tuple(filters),
        convolutions=draw(st.integers(*LIMITS["convolutions"])),
        kernel_size=draw(st.integers(*LIMITS["kernel_size"])),
        activation=draw(st.sampled_from(ACTIVATIONS)),
        dense_units=draw(st.integers(1, 16)),
        dropout=draw(st.sampled_from([0.0, 0.1, 0.25, LARGEST_DROPOUT])),
    )


def networks(largest=6):
    return blocks(largest).map(Blocks.network)


def run_code(code):
    namespace = {}
    exec(code, namespace)
    return namespace


def noise(*shape, seed=0):
    return np.random.default_rng(seed).random(shape, np.float32)


@given(networks())
@quick(25)
def test_shapes_and_parameters_are_those_of_the_model(spec):
    model = spec.build()
    named = spec.stages()
    assert [layer.name for layer in named] == [layer.name for layer in model.layers[1:]]
    for layer in named:
        real = model.get_layer(layer.name)
        assert real.output.shape == (None, *layer.output_shape)
        assert real.input.shape == (None, *layer.input_shape)
        # a Dropout counts the state of its random generator too
        assert layer.parameters == sum(weights.numpy().size for weights in real.trainable_weights)
        assert layer.activation_bytes == np.zeros(layer.output_shape, np.float32).nbytes
    assert spec.parameter_count() == sum(weights.numpy().size for weights in model.trainable_weights)
    assert model.output_shape == (None, network.CLASSES)


@given(networks(), st.integers(0, 50))
@quick(10)
def test_the_code_builds_the_same_model_with_the_same_start_weights(spec, seed):
    ours, theirs = spec.seeded(seed).build(), run_code(spec.seeded(seed).as_code())["model"]
    assert [type(layer) for layer in ours.layers] == [type(layer) for layer in theirs.layers]
    assert [layer.name for layer in ours.layers] == [layer.name for layer in theirs.layers]
    assert ours.name == theirs.name == spec.title
    for one, other in zip(ours.layers, theirs.layers, strict=True):
        assert one.output.shape == other.output.shape
        first, second = one.get_config(), other.get_config()
        for key in {"activation", "padding", "strides", "rate", "seed", "pool_size", "alpha"} & first.keys():
            assert first[key] == second[key], (one.name, key)
    for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    image = noise(1, 28, 28, 1)
    np.testing.assert_allclose(ours(image), theirs(image), atol=1e-6)


def test_the_default_is_basic_cnn():
    model = Blocks().network().build()
    assert model.name == presets.BASIC_CNN and Blocks().network() == presets.PRESETS[presets.BASIC_CNN]
    kinds = [type(layer).__name__ for layer in model.layers]
    block = ["Conv2D", "ReLU", "Conv2D", "ReLU", "MaxPooling2D", "Dropout"]
    assert kinds == ["InputLayer", *block, *block, "Flatten", "Dense", "ReLU", "Dropout", "Dense", "Activation"]
    convolutions = [layer for layer in model.layers if isinstance(layer, keras.layers.Conv2D)]
    assert [layer.filters for layer in convolutions] == [32, 32, 64, 64]
    assert {layer.kernel_size for layer in convolutions} == {(3, 3)}
    assert {layer.padding for layer in convolutions} == {"same"}
    assert [layer.units for layer in model.layers if isinstance(layer, keras.layers.Dense)] == [512, 10]
    assert {layer.rate for layer in model.layers if isinstance(layer, keras.layers.Dropout)} == {0.25}
    assert model.layers[-1].activation is keras.activations.softmax
    assert Blocks().network().parameter_count() == model.count_params() == 1_676_266


def test_multiply_adds_are_those_of_a_plain_count():
    for layer in Blocks((2,), 2, 2, dense_units=3).network().stages():
        count = 0
        if isinstance(layer.spec, Conv2D):
            height, width, filters = layer.output_shape
            kernel = product(range(2), range(2), range(layer.input_shape[-1]))
            each = sum(1 for _ in kernel)
            count = sum(each for _ in product(range(height), range(width), range(filters)))
        elif isinstance(layer.spec, Dense):
            count = sum(1 for _ in product(range(layer.input_shape[0]), range(layer.output_shape[0])))
        assert layer.multiply_adds == count, layer.name


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"filters": ()}, "blocks must be a whole number from 1 to 3, not 0."),
        ({"filters": (8,) * 4}, "blocks must be a whole number from 1 to 3, not 4."),
        ({"filters": (8, 129)}, "filters must be a whole number from 1 to 128, not 129."),
        ({"filters": (0,)}, "filters must be a whole number from 1 to 128, not 0."),
        ({"filters": (2.5,)}, "filters must be a whole number from 1 to 128, not 2.5."),
        ({"convolutions": 4}, "convolutions must be a whole number from 1 to 3, not 4."),
        ({"kernel_size": 8}, "kernel_size must be a whole number from 1 to 7, not 8."),
        ({"kernel_size": True}, "kernel_size must be a whole number from 1 to 7, not True."),
        ({"dense_units": 1025}, "dense_units must be a whole number from 1 to 1024, not 1025."),
        ({"activation": "softmax"}, "The activation must be one of " + ", ".join(ACTIVATIONS) + ", not 'softmax'."),
        ({"dropout": 0.95}, "The dropout rate must be from 0 to 0.9, not 0.95."),
        ({"dropout": -0.1}, "The dropout rate must be from 0 to 0.9, not -0.1."),
        ({"dropout": float("nan")}, "The dropout rate must be from 0 to 0.9, not nan."),
    ],
)
def test_limits_are_said_in_one_sentence(changes, sentence):
    spec = replace(Blocks(), **changes)
    assert spec.problem() == sentence
    with pytest.raises(ValueError) as error:
        spec.network()
    assert str(error.value) == sentence


@pytest.mark.parametrize("name", LIMITS)
def test_both_ends_of_every_limit_are_possible(name):
    for value in LIMITS[name]:
        changed = {"blocks": {"filters": (8,) * value}, "filters": {"filters": (value,)}}.get(name, {name: value})
        assert replace(Blocks(), **changed).problem() is None


@given(blocks())
@quick(25)
def test_what_older_runs_have_on_disk_is_read(spec):
    assert Blocks.from_dict(json.loads(json.dumps(asdict(spec)))) == spec


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "needs filters"),
        ({**asdict(BLOCKS), "depth": 3}, "needs filters"),
        ({**asdict(BLOCKS), "filters": 3}, "needs filters"),
        ({**asdict(BLOCKS), "kernel_size": 9}, "kernel_size must be a whole number from 1 to 7, not 9."),
    ],
)
def test_stored_values_that_make_no_network_get_a_sentence(values, words):
    with pytest.raises(ValueError, match=words):
        Blocks.from_dict(values)


def test_the_same_seed_gives_the_same_weights_and_layers_differ():
    spec = Blocks((4, 4, 4), 2, 3, dense_units=5)
    one, same, other = (spec.network(seed).build().get_weights() for seed in (3, 3, 4))
    for first, second in zip(one, same, strict=True):
        np.testing.assert_array_equal(first, second)
    kernels = [array for array in one if array.ndim > 1]
    assert not any(np.array_equal(a, b) for a, b in zip(kernels, [a for a in other if a.ndim > 1], strict=True))
    alike = [array for array in kernels if array.shape == (3, 3, 4, 4)]
    assert len(alike) == 5
    assert len({array.tobytes() for array in alike}) == 5


def test_layers_and_networks_never_share_a_seed():
    largest = Blocks((1,) * LIMITS["blocks"][1], LIMITS["convolutions"][1])
    seeds = [
        layer.spec.seed for seed in range(20) for layer in largest.network(seed).stages() if hasattr(layer.spec, "seed")
    ]
    assert len(seeds) == len(set(seeds))


@pytest.mark.usefixtures("needs_bfloat16")
def test_bfloat16_computes_in_bfloat16_and_keeps_float32_weights():
    model = SMALL.build(policy="mixed_bfloat16")
    assert {weights.dtype for weights in model.get_weights()} == {np.dtype("float32")}
    assert model.get_layer("block1_conv1").compute_dtype == "bfloat16"
    outputs = model(noise(2, 28, 28, 1))
    assert outputs.dtype == tf.float32
    np.testing.assert_allclose(np.asarray(outputs).sum(axis=1), 1, atol=1e-6)
    plain = SMALL.build()
    for one, other in zip(model.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_allclose(outputs, plain(noise(2, 28, 28, 1)), atol=0.02)


def test_predict_takes_every_form_of_images():
    model = SMALL.build()
    images = np.random.default_rng(1).integers(0, 256, (5, 28, 28), np.uint8)
    scaled = images.astype(np.float32) / 255
    expected = np.asarray(model(scaled[..., np.newaxis]))
    for given_images in (images, images[..., np.newaxis], scaled, scaled[..., np.newaxis], scaled.astype(np.float64)):
        np.testing.assert_allclose(saved.predict(model, given_images), expected, atol=1e-6)
    for one in (images[2], images[2][..., np.newaxis], scaled[2]):
        np.testing.assert_allclose(saved.predict(model, one), expected[2:3], atol=1e-6)
    assert saved.predict(model, images[:0]).shape == (0, 10)
    assert saved.predict(model, images).dtype == np.float32


def test_predict_in_several_parts_is_predict_in_one():
    model = SMALL.build()
    images = noise(saved._CHUNK + 7, 28, 28)
    np.testing.assert_allclose(saved.predict(model, images), model(images[..., np.newaxis]), atol=1e-6)


@pytest.mark.parametrize("shape", [(28,), (27, 28), (2, 28, 28, 3), (28, 28, 2), (1, 2, 28, 28, 1), ()])
def test_other_shapes_get_a_sentence(shape):
    with pytest.raises(ValueError) as error:
        saved.as_batch(np.zeros(shape))
    assert str(error.value).endswith(f"got {shape}.")


@given(networks(largest=4), st.integers(0, 9))
@quick(6)
def test_a_trace_is_the_layers_called_one_by_one(spec, seed):
    model = spec.seeded(seed).build()
    image = np.random.default_rng(seed).integers(0, 256, (28, 28), np.uint8)
    results = Tracer(model, spec).trace(image)
    value = (image.astype(np.float32) / 255)[np.newaxis, ..., np.newaxis]
    assert list(results) == [layer.name for layer in model.layers[1:]]
    for name, result in results.items():
        layer = model.get_layer(name)
        np.testing.assert_allclose(result.inputs, value[0], atol=1e-5)
        value = np.asarray(layer(value, training=False))
        np.testing.assert_allclose(result.outputs, value[0], atol=1e-5)
        weights = layer.get_weights() if layer.trainable_weights else []
        assert len(weights) == len(result.weights)
        for ours, theirs in zip(result.weights, weights, strict=True):
            np.testing.assert_array_equal(ours, theirs)
        for array in (result.inputs, result.outputs, *result.weights):
            assert not array.flags.writeable
    np.testing.assert_allclose(results["probabilities"].outputs, saved.predict(model, image)[0], atol=1e-6)


def test_a_trace_follows_weights_that_change():
    model = SMALL.build()
    tracer = Tracer(model, SMALL)
    before = tracer.trace(noise(28, 28))["probabilities"].outputs
    model.set_weights(SMALL.seeded(1).build().get_weights())
    after = tracer.trace(noise(28, 28))
    assert not np.allclose(before, after["probabilities"].outputs)
    np.testing.assert_array_equal(after["block1_conv1"].weights[0], model.get_layer("block1_conv1").get_weights()[0])


def test_a_missing_file_gets_a_sentence(tmp_path):
    with pytest.raises(NetworkError) as error:
        saved.load(tmp_path / "none.keras")
    assert str(error.value).endswith("/none.keras, and there is no such file.")


def test_a_damaged_file_gets_a_sentence(tmp_path):
    whole = tmp_path / "whole.keras"
    SMALL.build().save(whole)
    content = whole.read_bytes()
    np.testing.assert_array_equal(saved.load(whole).get_weights()[0], SMALL.build().get_weights()[0])
    for damaged in (b"", b"no network", content[: len(content) // 2]):
        path = tmp_path / "damaged.keras"
        path.write_bytes(damaged)
        with pytest.raises(NetworkError, match=r"damaged\.keras should hold a trained network"):
            saved.load(path)


def test_the_shipped_network_is_a_trained_basic_cnn():
    model = saved.load_pretrained()
    assert model is saved.load_pretrained()
    assert [layer.name for layer in model.layers[1:]] == [layer.name for layer in Blocks().network().stages()]
    half = mnist.load()["test"]
    read = saved.predict(model, half.images[:500]).argmax(axis=1)
    assert (read == half.labels[:500]).mean() > 0.95


@pytest.mark.parametrize("shape", [(3, 3, 1, 32), (5, 5, 32, 64), (3136, 512), (512, 10)])
def test_the_start_limit_is_that_of_keras(shape):
    drawn = np.asarray(keras.initializers.GlorotUniform(seed=1)(shape))
    limit = network_script.start_limit(shape)
    assert np.abs(drawn).max() <= limit
    assert np.abs(drawn).max() == pytest.approx(limit, rel=0.02)


@pytest.mark.parametrize("name", ["block1_conv1", "block2_pool", "flatten", "dense", "probabilities"])
def test_the_code_of_a_layer_gives_what_the_page_shows(name, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    layer = next(layer for layer in Blocks().network().stages() if layer.name == name)
    found = run_code(network_script.layer_code(layer, load_file("assets/basic_cnn.keras"), mnist_image("test", 3)))
    result = Tracer(saved.load_pretrained(), Blocks().network()).trace(mnist.sample("test", 3).image)[name]
    np.testing.assert_allclose(np.asarray(found["y"])[0], result.outputs, atol=1e-5)
    for ours, theirs in zip(result.weights, found["weights"], strict=False):
        np.testing.assert_array_equal(ours, theirs)
    assert capsys.readouterr().out.startswith(str((1, *layer.output_shape)))


def test_dropout_changes_nothing_at_prediction_time():
    results = Tracer(SMALL.build(), SMALL).trace(noise(28, 28))
    for result in results.values():
        if isinstance(result.spec, Dropout):
            np.testing.assert_array_equal(result.inputs, result.outputs)
    assert isinstance(results["probabilities"].spec, Activation)
