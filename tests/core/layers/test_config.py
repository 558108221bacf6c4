"""A layer's configuration is Keras' own: the same names, the same values, the same defaults."""

import inspect

import keras
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.layers.initializers import INITIALIZERS, Constant, Random
from core.layers.kinds import KINDS
from tests.core.layers.strategies import all_kinds, buildable

layers = st.one_of(*all_kinds().values())


def as_keras(value):
    """A value of ours as `get_config` would give it."""
    if isinstance(value, Constant):
        return "Constant", {"value": value.value}
    if isinstance(value, Random):
        return INITIALIZERS[value.name], value.seed
    return value


def as_ours(value):
    """What `get_config` gives, in the form of `as_keras`."""
    if isinstance(value, dict) and value["class_name"] == "Zeros":
        return as_keras(Constant(0.0))  # what short code leaves out
    if isinstance(value, dict):
        config = value["config"]
        return value["class_name"], config if value["class_name"] == "Constant" else config["seed"]
    return tuple(value) if isinstance(value, list) else value


@settings(deadline=None, derandomize=True, max_examples=200)
@given(layers)
def test_config_is_what_keras_says_of_the_built_layer(layer):
    assume(buildable(layer))
    built = layer.build(name="here")
    assert type(built).__name__ == layer.keras_name
    told = built.get_config()
    assert told["name"] == "here"
    assert {key: as_keras(value) for key, value in layer.config().items()} == {
        key: as_ours(told[key]) for key in layer.config()
    }


@settings(deadline=None, derandomize=True, max_examples=100)
@given(layers)
def test_both_forms_of_the_code_make_the_same_layer(layer):
    assume(buildable(layer))
    import tensorflow as tf

    known = {"tf": tf, "layers": tf.keras.layers, "initializers": tf.keras.initializers}
    long, short = eval(layer.as_code(), known), eval(layer.as_short_code("here"), known)
    expected = layer.build(name="here").get_config()
    for made in (long, short):
        told = made.get_config()
        for key in layer.config():
            assert as_ours(told[key]) == as_ours(expected[key]), key
    assert short.name == "here"


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_left_out_of_short_code_is_the_default_of_keras(kind):
    for word in kind.words:
        parameters = inspect.signature(getattr(keras.layers, word).__init__).parameters
        for key, value in kind.defaults.items():
            default = parameters[key].default
            match value:
                case Constant(value=start):
                    assert default == {0.0: "zeros", 1.0: "ones"}[start]
                case "linear":
                    assert default is None
                case tuple():
                    assert default in (value, value[0], None) and len(set(value)) == 1
                case _:
                    assert default == value
        if set(kind.positional) <= set(parameters):
            assert tuple(parameters)[1 : 1 + len(kind.positional)] == kind.positional


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_tells_all_that_its_text_needs(kind):
    fields = set(inspect.signature(kind).parameters)
    assert set(kind.positional) <= fields
    assert set(kind.own_defaults) | set(kind.options) | set(kind.limits) | set(kind.readers) <= fields
    assert kind.words and all(hasattr(keras.layers, word) for word in (*kind.words, *kind.aliases))
