"""Models of plain Keras scripts, read back without Keras in a process of its own; and ours, opened by Keras."""

import io
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from itertools import pairwise

import keras
import numpy as np
import pytest
from keras import layers

from core.layers.kinds import KINDS, Activation, Conv2D, Dense, Dropout, Flatten, Pooling
from core.layers.layer import Layer
from core.network import exporting, importing, keras_model, notation, presets
from core.network.network import Network, NetworkError
from core.network.saved import FILE

IMAGES = np.random.default_rng(0).random((8, 28, 28, 1), np.float32)


def sequential():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(4, 3, activation="relu", kernel_regularizer="l2"),
            layers.MaxPooling2D(),
            layers.Conv2D(6, (3, 5), strides=2, padding="same", use_bias=False, kernel_initializer="he_normal"),
            layers.LeakyReLU(),
            layers.AveragePooling2D(2),
            layers.Dropout(0.2),
            layers.Flatten(),
            layers.Dense(16, activation="leaky_relu"),
            layers.ELU(alpha=0.5),
            layers.Dense(10),
            layers.Softmax(),
        ]
    )


def functional():
    inputs = keras.Input((28, 28, 1), name="picture", batch_size=8)
    x = layers.Conv2D(3, 5, dilation_rate=2, name="first-conv.no")(inputs)
    x = layers.Activation("tanh")(x)
    x = layers.MaxPool2D(3, strides=2, padding="same")(x)
    x = layers.Dropout(0.5, seed=3)(x)
    x = layers.Activation(keras.activations.leaky_relu)(x)
    x = layers.Flatten()(x)
    x = layers.Dense(12, "gelu", name="hidden")(x)
    x = layers.ReLU()(x)
    return keras.Model(inputs, layers.Dense(10, activation="softmax", name="2nd")(x), name="My-model.v2")


def without_an_input():
    return keras.Sequential([layers.Flatten(), layers.Dense(10)], name="late")


SCRIPTS = [
    (sequential, "adam", "sparse_categorical_crossentropy"),
    (functional, keras.optimizers.SGD(0.1, momentum=0.9), "sparse_categorical_crossentropy"),
    (without_an_input, "rmsprop", keras.losses.SparseCategoricalCrossentropy(from_logits=True)),
]


def trained(script, optimizer, loss):
    model = script()
    model.compile(optimizer, loss, metrics=["accuracy"])
    model.fit(IMAGES, np.arange(8), batch_size=8, verbose=0)
    return model


def saved(model, path):
    (model.save if path.suffix == ".keras" else model.save_weights)(path)
    return path.read_bytes()


@pytest.mark.parametrize(("script", "optimizer", "loss"), SCRIPTS, ids=lambda value: getattr(value, "__name__", ""))
def test_a_model_of_a_plain_script_answers_the_same_after_import(script, optimizer, loss, tmp_path, keras_seed):
    keras_seed(1)
    model = trained(script, optimizer, loss)
    imported = importing.import_keras(saved(model, tmp_path / "model.keras"))
    expected = model.predict(IMAGES, verbose=0)
    np.testing.assert_allclose(imported.build().predict(IMAGES, verbose=0), expected, rtol=1e-5, atol=1e-5)
    for ours, theirs in zip(imported.weights, model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
        assert ours.dtype == np.float32 and not ours.flags.writeable

    # the same from its weights and a text
    text = notation.as_text(imported.network)
    again = importing.import_weights(saved(model, tmp_path / "model.weights.h5"), text)
    assert again.network.layers == imported.network.layers
    for ours, theirs in zip(again.weights, imported.weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)

    # and back to plain Keras
    path = tmp_path / "export.keras"
    path.write_bytes(exporting.as_keras_file(imported.network, imported.weights))
    exported = keras.models.load_model(path)
    np.testing.assert_allclose(exported.predict(IMAGES, verbose=0), expected, rtol=1e-5, atol=1e-5)
    assert getattr(exported, "optimizer", None) is None


@dataclass(frozen=True)
class PReLU(Layer):
    """A kind that this project has not."""

    words = {"PReLU": {}}

    def weight_shapes(self, shape):
        return [shape]


def test_a_new_kind_is_imported_without_a_word_here(tmp_path, monkeypatch):
    for module in (keras_model, notation):
        monkeypatch.setattr(module, "KINDS", (*KINDS, PReLU))
    model = keras.Sequential(
        [keras.Input((28, 28, 1)), layers.PReLU("uniform"), layers.Flatten(), layers.PReLU("uniform"), layers.Dense(10)]
    )
    # not in a process of its own, which would not know this kind
    header, weights = importing.read_here("keras", "", saved(model, tmp_path / "model.keras"))
    imported = importing.Imported(notation.parse(header["text"]), tuple(weights))
    expected = model.predict(IMAGES - 0.5, verbose=0)
    np.testing.assert_allclose(imported.build().predict(IMAGES - 0.5, verbose=0), expected, rtol=1e-5, atol=1e-5)


def test_names_are_those_of_the_file_where_a_text_can_have_them(tmp_path):
    network = importing.import_keras(saved(functional(), tmp_path / "model.keras")).network
    assert network.title == "My-model.v2"
    assert network.names[0] == "first_conv_no" and "hidden" in network.names and network.names[-1] == "_2nd"
    assert notation.parse(notation.as_text(network)).layers == network.layers


def test_what_only_training_needs_is_named(tmp_path):
    model = sequential()
    model.layers[0].trainable = False
    imported = importing.import_keras(saved(model, tmp_path / "model.keras"))
    first = imported.network.names[0]
    assert set(imported.left_out) == {f"{first}: trainable", f"{first}: kernel_regularizer"}
    assert [layer.rate for _, layer in imported.network if isinstance(layer, Dropout)] == [0.2]


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16", "bfloat16", "float16", "float64"])
def test_a_model_of_another_precision_has_float32_weights_here(policy, tmp_path):
    model = keras.Sequential(
        [keras.Input((28, 28, 1)), layers.Flatten(dtype=policy), layers.Dense(10, "softmax", dtype=policy)]
    )
    imported = importing.import_keras(saved(model, tmp_path / "model.keras"))
    for ours, theirs in zip(imported.weights, model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, np.asarray(theirs).astype(np.float32))
    answers = imported.build().predict(IMAGES, verbose=0)
    np.testing.assert_allclose(answers, np.asarray(model.predict(IMAGES, verbose=0), np.float32), atol=0.02)


def test_the_shipped_network_is_read_as_keras_reads_it():
    imported = importing.import_keras(FILE.read_bytes())
    model = keras.models.load_model(FILE, compile=False)
    # the same layers; the seeds are those that this network was once started with
    assert imported.network.seeded(0) == presets.Blocks().network()
    for ours, theirs in zip(imported.weights, model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize(
    "network",
    [
        presets.one_of_each(dropout=Dropout(0.3, training=False, seed=4)),
        presets.lenet5(),
        Network(
            (
                ("edges", Conv2D(4, (3, 5), (2, 2), "valid", use_bias=False, kernel_initializer="orthogonal", seed=8)),
                ("bend", Activation("leaky_relu", negative_slope=0.1)),
                ("pool", Pooling("average", (2, 3), (1, 2), "same")),
                ("flat", Flatten()),
                ("scores", Dense(10, "linear", bias=0.5, seed=9)),
            ),
            "Mine",
        ),
        Network((("flat", Flatten()), ("scores", Dense(10, "sigmoid")))),
    ],
    ids=lambda network: network.title,
)  # fmt: skip
def test_what_is_exported_is_imported_as_the_same_network(network, tmp_path):
    weights = network.seeded(5).build().get_weights()
    data = exporting.as_keras_file(network, weights)
    imported = importing.import_keras(data)
    assert imported.network == network
    for ours, theirs in zip(imported.weights, weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    only_weights = importing.import_weights(exporting.as_weights_file(network, weights), notation.as_text(network))
    for ours, theirs in zip(only_weights.weights, weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)

    path = tmp_path / "network.weights.h5"
    path.write_bytes(exporting.as_weights_file(network, weights))
    known = {}
    exec(exporting.as_script(network, str(path)), known)
    np.testing.assert_allclose(
        known["model"].predict(IMAGES, verbose=0), imported.build().predict(IMAGES, verbose=0), rtol=1e-5, atol=1e-6
    )


def test_an_export_says_nothing_of_this_machine_or_its_optimizer():
    network = presets.lenet5()
    data = exporting.as_keras_file(network, network.build().get_weights())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert set(archive.namelist()) == {"metadata.json", "config.json", "model.weights.h5"}
        assert b"optimizer" not in archive.read("config.json")


def test_weights_of_another_shape_are_not_exported():
    network = presets.lenet5()
    with pytest.raises(ValueError):
        exporting.as_keras_file(network, network.build().get_weights()[:-1])


def test_a_network_that_fits_in_no_text_is_one_sentence(tmp_path):
    says = {"activation": "softplus", "dilation_rate": (1, 2), "padding": "same"}
    draws = {"kernel_initializer": keras.initializers.RandomNormal(seed=123456)}
    starts = {"bias_initializer": keras.initializers.Constant(0.1234567890123456)}
    blocks = [layers.Conv2D(3, (2, 3), name=f"{'long' * 9}_{i}", **says, **draws, **starts) for i in range(62)]
    model = keras.Sequential([keras.Input((28, 28, 1)), *blocks, layers.Flatten(), layers.Dense(10)])
    with pytest.raises(NetworkError, match="A network as text has at most 8,000 characters"):
        importing.import_keras(saved(model, tmp_path / "model.keras"))


def test_a_text_that_is_no_network_is_one_sentence():
    with pytest.raises(NetworkError, match="A layer is one of"):
        importing.import_weights(b"", "Lambda 3")
    with pytest.raises(NetworkError, match="must end in 10 values"):
        importing.import_weights(b"", "Flatten - Dense 9")


def test_reading_needs_no_tensorflow():
    """The process that reads a file starts soon because it imports numpy and h5py alone."""
    code = (
        "import sys; from core.network import importing, keras_weights; "
        "importing.read_here('keras', '', open(sys.argv[1], 'rb').read()); "
        "sys.exit(len({'tensorflow', 'keras'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", code, str(FILE)], check=True, cwd=FILE.parents[1])


@pytest.mark.parametrize("count", [1, 2, 3])
def test_names_that_become_the_same_are_numbered(count):
    names = []
    for name in ("a b", "a_b", "a.b")[:count]:
        names.append(notation.usable_name(name, names))
    assert names == ["a_b", "a_b_1", "a_b_2"][:count]
    long = ["x" * 99, "x" * 99]
    made = [notation.usable_name(long[0]), notation.usable_name(long[1], ["x" * 40])]
    assert made == ["x" * 40, "x" * 38 + "_1"] and all(a != b for a, b in pairwise(made))
    assert notation.usable_name("") == "_" and notation.usable_name("3a") == "_3a"


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("LeNet-5", "LeNet-5"),
        ('a"); import os', "a____import_os"),
        (None, "network"),
        ("_x", "network_x"),
        ("", "network"),
    ],
)
def test_a_title_can_stand_in_a_script(name, made):
    assert keras_model.title(name) == made
