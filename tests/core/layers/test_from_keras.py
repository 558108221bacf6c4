"""`from_keras` is the inverse of `config()`, and refuses in one sentence what no kind stands for."""

import inspect
import json

import keras
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.layers.keras_config import ConfigError, foreign, left_out
from core.layers.kinds import KINDS, Activation, Conv2D, Dense, Dropout, Flatten, Pooling
from tests.core.layers.strategies import all_kinds, buildable

OWN = {"module": "keras.layers", "registered_name": None}


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.one_of(*all_kinds().values()))
def test_what_keras_says_of_a_layer_is_that_layer(layer):
    assume(buildable(layer))
    built = layer.build(name="here")
    stored = json.loads(json.dumps(keras.saving.serialize_keras_object(built)))
    for config in (built.get_config(), stored["config"]):
        made = type(layer).from_keras(layer.keras_name, config)
        # all that Keras is told of this layer; chosen kernels and biases are weights, and those it is not told
        told = made.config()
        assert {key: told[key] for key in layer.config()} == layer.config()
        assert made.keras_name == layer.keras_name


@pytest.mark.parametrize("word", [word for kind in KINDS for word in (*kind.words, *kind.aliases)])
def test_every_word_reads_what_keras_says_of_a_layer_with_nothing_but_defaults(word):
    kind = next(kind for kind in KINDS if word in {**kind.words, **kind.aliases})
    said = {**kind.words, **kind.aliases}[word]
    parameters = inspect.signature(getattr(keras.layers, word)).parameters.values()
    needed = [each.name for each in parameters if each.default is each.empty and each.kind is not each.VAR_KEYWORD]
    config = getattr(keras.layers, word)(**{name: getattr(kind(**said), name) for name in needed}).get_config()
    made = kind.from_keras(word, config)
    assert all(getattr(made, key) == value for key, value in said.items())
    # and what the kind says is fixed is what Keras takes by default
    own = set(made.config()) | set(kind.positional)
    for key in set(kind.fixed) & set(config) - own:
        assert config[key] == kind.fixed[key], key


@pytest.mark.parametrize(
    ("kind", "word", "config", "layer"),
    [
        (Dense, "Dense", {"units": 10}, Dense(10, "linear")),
        (Conv2D, "Conv2D", {"filters": 4, "kernel_size": 3}, Conv2D(4, (3, 3), padding="valid")),
        (Pooling, "MaxPooling2D", {"pool_size": [3, 3]}, Pooling("max", (3, 3), (3, 3))),
        (Pooling, "AveragePooling2D", {"pool_size": [2, 2], "strides": [1, 2]}, Pooling("average", (2, 2), (1, 2))),
        (Activation, "ReLU", {"max_value": None, "negative_slope": 0.0, "threshold": 0.0}, Activation("relu")),
        (Activation, "LeakyReLU", {}, Activation("leaky_relu", negative_slope=0.3)),
        (Activation, "LeakyReLU", {"negative_slope": 0.1}, Activation("leaky_relu", negative_slope=0.1)),
        (Activation, "Activation", {"activation": "leaky_relu"}, Activation("leaky_relu", negative_slope=0.2)),
        (Activation, "Softmax", {"axis": -1}, Activation("softmax")),
        (Dropout, "Dropout", {"rate": 0.2, "seed": None, "noise_shape": None}, Dropout(0.2, training=False)),
        (Dropout, "Dropout", {"rate": 0, "seed": 3}, Dropout(0.0, training=False, seed=3)),
        (Flatten, "Flatten", {"name": "f", "trainable": False, "dtype": "mixed_bfloat16"}, Flatten()),
    ],
)
def test_what_is_missing_is_what_keras_takes(kind, word, config, layer):
    assert kind.from_keras(word, config) == layer


@pytest.mark.parametrize(
    ("initializer", "name", "seed"),
    [
        ({**OWN, "class_name": "HeNormal", "config": {"seed": 7}}, "he_normal", 7),
        ({**OWN, "class_name": "HeNormal", "config": {"seed": None}}, "he_normal", 0),
        ({**OWN, "class_name": "HeNormal", "config": {"seed": 10**12}}, "he_normal", 0),
        ("orthogonal", "orthogonal", 0),
        ({**OWN, "class_name": "VarianceScaling", "config": {"seed": 7}}, "glorot_uniform", 0),
        ({**OWN, "class_name": "HeNormal", "config": "odd"}, "he_normal", 0),
        (3, "glorot_uniform", 0),
    ],
)
def test_an_initializer_is_kept_where_a_field_can_hold_it(initializer, name, seed):
    layer = Dense.from_keras("Dense", {"units": 3, "kernel_initializer": initializer})
    assert (layer.kernel_initializer, layer.seed) == (name, seed)


@pytest.mark.parametrize(
    ("kind", "word", "config", "says"),
    [
        (Conv2D, "Conv2D", {"name": "block1", "groups": 2}, "Conv2D block1 has groups=2, and .* only groups=1"),
        (Conv2D, "Conv2D", {"data_format": "channels_first"}, "only data_format=channels_last"),
        (Conv2D, "Conv2D", {"groups": True}, "groups=True"),
        (Conv2D, "Conv2D", {"kernel_size": 3}, "needs filters, and it is missing"),
        (Conv2D, "Conv2D", {"kernel": ["0 1 0"]}, "kernel=.* an argument that Layer Lab does not know"),
        (Conv2D, "Conv2D", {"source": 'x"; import os'}, "source=.* an argument that Layer Lab does not know"),
        (Conv2D, "Conv2D", {"seed": 3}, "seed=3, an argument"),
        (Conv2D, "Conv2D", {"filters": 0}, "filters of Conv2D must be from 1 to 512, not 0"),
        (Conv2D, "Conv2D", {"filters": True}, "filters of Conv2D must be a whole number, not True"),
        (Conv2D, "Conv2D", {"filters": "8"}, "must be a whole number"),
        (Conv2D, "Conv2D", {"kernel_size": [3, 3, 3]}, "a whole number, or two such as 3x5, not"),
        (Conv2D, "Conv2D", {"kernel_size": [3, 99]}, "must be from 1 to 28"),
        (Conv2D, "Conv2D", {"padding": "causal"}, "padding of Conv2D must be one of valid, same, not causal"),
        (Conv2D, "Conv2D", {"padding": ["same"]}, "must be one of valid, same"),
        (Dense, "Dense", {"use_bias": 1}, "use_bias of Dense must be true or false, not 1"),
        (Dense, "Dense", {"lora_rank": 4}, "lora_rank=4, an argument"),
        (Dense, "Dense", {"activation": "swish"}, "activation of Dense must be one of"),
        (Dense, "Dense", {"dtype": {**OWN, "class_name": "QuantizedDTypePolicy", "config": {"mode": "int8"}}},
            "floating type such as float32, and its dtype is QuantizedDTypePolicy"),
        (Dense, "Dense", {"dtype": "int8"}, "its dtype is int8"),
        (Dense, "Dense", {"dtype": {**OWN, "class_name": "DTypePolicy", "config": 3}}, "its dtype is DTypePolicy"),
        (Dense, "Dense", {"activation": {"module": "builtins", "class_name": "function", "config": "mine",
            "registered_name": "function"}}, "Dense must be made of Keras' own parts, and it uses mine"),
        (Dense, "Dense", {"kernel_regularizer": {"module": "m", "class_name": "Mine", "config": {}}}, "it uses Mine"),
        (Dense, "Dense", {"activation": {**OWN, "class_name": "LeakyReLU", "config": {}}}, "one of .*, not LeakyReLU"),
        (Dropout, "Dropout", {"rate": 0.99}, "rate of Dropout must be from 0 to 0.95"),
        (Dropout, "Dropout", {"rate": float("nan")}, "rate of Dropout must be a number"),
        (Dropout, "Dropout", {"rate": 10**400}, "rate of Dropout must be a number"),
        (Dropout, "Dropout", {"rate": 0.5, "noise_shape": [1]}, "noise_shape="),
        (Activation, "ReLU", {"negative_slope": 0.1}, "ReLU has negative_slope=0.1, and .* only negative_slope=0.0"),
        (Activation, "ReLU", {"max_value": 6.0}, "max_value=6.0"),
        (Activation, "Softmax", {"axis": 1}, "axis=1, and .* only axis=-1"),
        (Flatten, "Flatten", {"x" * 999: "y\n" * 999}, "x{40}…=(y.){20}…"),
    ],
)  # fmt: skip
def test_what_no_kind_stands_for_is_one_sentence(kind, word, config, says):
    with pytest.raises(ConfigError, match=says) as caught:
        kind.from_keras(word, config)
    assert "\n" not in str(caught.value) and str(caught.value).endswith(".")


def test_what_only_training_needs_is_named():
    config = {
        "units": 3,
        "trainable": False,
        "bias_constraint": None,
        "kernel_regularizer": {**OWN, "class_name": "L2"},
    }
    assert Dense.from_keras("Dense", config) == Dense(3, "linear")
    assert left_out(config) == ["trainable", "kernel_regularizer"]
    assert left_out(keras.layers.Dense(3).get_config()) == []


@pytest.mark.parametrize("module", ["keras", "keras.layers", "keras.src.regularizers"])
def test_what_keras_made_is_not_foreign(module):
    assert foreign([{"a": {"module": module, "class_name": "L2", "registered_name": None, "config": {}}}]) is None


@pytest.mark.parametrize("module", ["keras_evil", "", None, "os", "my.keras", 3])
def test_what_keras_did_not_make_is_foreign(module):
    assert foreign([{"a": {"module": module, "class_name": "L2", "config": {}}}]) == "L2"


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside, max_size=3),
    max_leaves=6,
)
keys = st.sampled_from(sorted({key for layer in (Conv2D(), Dense(), Pooling()) for key in layer.config()})) | st.text()
configs = st.dictionaries(keys | st.sampled_from(["name", "dtype", "trainable", "class_name"]), values, max_size=6)


@settings(deadline=None, max_examples=300)
@given(st.sampled_from([(kind, word) for kind in KINDS for word in (*kind.words, *kind.aliases)]), configs)
def test_any_config_is_a_layer_or_a_sentence(pair, config):
    kind, word = pair
    try:
        assert isinstance(kind.from_keras(word, config), kind)
    except ConfigError as error:
        assert str(error).endswith(".") and "\n" not in str(error)
