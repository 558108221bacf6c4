"""Specs say before anything is built what Keras says after: shapes, weights, costs, and what it refuses."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from core.layers import kernels
from core.layers.activation import ACTIVATIONS, OUTPUT_ACTIVATIONS
from core.layers.initializers import INITIALIZERS
from core.layers.kinds import Activation, Conv2D, Dense, Dropout, Flatten, Pooling

SHAPE = (6, 5, 2)


def quick(examples):
    return settings(deadline=None, derandomize=True, max_examples=examples)


def pairs(most):
    return st.tuples(st.integers(1, most), st.integers(1, most))


shapes = st.tuples(st.integers(1, 13), st.integers(1, 13), st.integers(1, 3))
paddings = st.sampled_from(["valid", "same"])
# One in two strides and dilations are 1, or nearly every pair would be one that Keras refuses.
convolutions = st.builds(
    Conv2D,
    filters=st.integers(1, 3),
    kernel_size=pairs(7),
    strides=st.just((1, 1)) | pairs(5),
    padding=paddings,
    dilation_rate=st.just((1, 1)) | pairs(4),
    use_bias=st.booleans(),
)
poolings = st.builds(
    Pooling, st.sampled_from(["max", "average"]), pool_size=pairs(8), strides=pairs(8), padding=paddings
)
others = st.one_of(
    st.builds(Activation, st.sampled_from(ACTIVATIONS)),
    st.just(Flatten()),
    st.builds(Dropout, st.sampled_from([0.0, 0.5, 0.95]), st.booleans()),
)

ALL_SPECS = [
    Conv2D(),
    Conv2D(3, (2, 5), (2, 1), "valid", use_bias=False, activation="tanh"),
    Conv2D(2, (3, 2), dilation_rate=(2, 3), bias=0.25, activation="leaky_relu", seed=7),
    *(Conv2D(2, activation=name) for name in ACTIVATIONS),
    *(Conv2D(2, kernel_initializer=name, seed=3) for name in INITIALIZERS),
    *(Activation(name) for name in ACTIVATIONS),
    Activation("leaky_relu", negative_slope=0.35),
    Activation("elu", alpha=0.7),
    Pooling(),
    Pooling("average", (3, 2), (1, 4), "same"),
    Flatten(),
    *(Dense(4, activation=name) for name in (*ACTIVATIONS, *OUTPUT_ACTIVATIONS)),
    *(Dense(4, kernel_initializer=name, seed=5) for name in INITIALIZERS),
    Dense(3, use_bias=False),
    Dense(3, bias=-0.15),
    Dropout(),
    Dropout(0.05, training=False, seed=11),
]


def flat_or(shape, spec):
    return (12,) if isinstance(spec, Dense) else shape


def built(spec, shape):
    layer = spec.build()
    layer.build((1, *shape))
    return layer


def answer(spec, shape):
    """What Keras says to this layer on this input: an output without the batch axis, or an exception."""
    try:
        layer = spec.build()
        options = {"training": spec.training} if isinstance(spec, Dropout) else {}
        return np.asarray(layer(np.ones((1, *shape), np.float32), **options))[0]
    except (ValueError, tf.errors.OpError) as error:
        return error


def assert_keras_agrees(spec, shape):
    problem = spec.problem(shape)
    if problem is None:
        real = answer(spec, shape)
        assert not isinstance(real, Exception), f"{spec} on {shape}: {real}"
        assert real.shape == spec.output_shape(shape)
    else:
        assert gives_nothing(spec, shape), f"{spec} on {shape}: {problem}"
        assert problem.endswith(".") and problem.count(". ") == 0
    return problem


def gives_nothing(spec, shape):
    """Keras raises or, for some poolings, announces an output without a single number in it."""
    if not isinstance(spec, Pooling):
        return isinstance(answer(spec, shape), Exception)
    # never called: on an output of no cells TensorFlow's MaxPool divides by zero and takes the process with it
    try:
        return 0 in spec.build().compute_output_shape((1, *shape))
    except ValueError:
        return True


# The newest Keras for Python 3.10 is 3.12: it lets a 1 × 2 kernel over a 1 × 1 input, and gives one number for it.
@pytest.mark.skipif(
    tuple(map(int, keras.__version__.split(".")[:2])) < (3, 13), reason="Keras 3.12 accepts kernels that do not fit"
)
@given(convolutions, shapes)
@quick(250)
def test_a_convolution_has_a_problem_exactly_where_keras_refuses(spec, shape):
    problem = assert_keras_agrees(spec, shape)
    if problem and "Strides" in problem:
        asked = (spec.strides, spec.dilation_rate)
    elif problem:
        spans = [dilation * (size - 1) + 1 for dilation, size in zip(spec.dilation_rate, spec.kernel_size, strict=True)]
        asked = (spans, shape[:2])
    else:
        return
    assert all(f"{pair[0]} × {pair[1]}" in problem for pair in asked)


@given(poolings, shapes)
@quick(150)
def test_a_pooling_has_a_problem_exactly_where_keras_gives_nothing(spec, shape):
    problem = assert_keras_agrees(spec, shape)
    if problem:
        assert f"{spec.pool_size[0]} × {spec.pool_size[1]} pixels" in problem
        assert f"the input has {shape[0]} × {shape[1]}" in problem


@given(others, shapes)
@quick(40)
def test_the_other_layers_take_any_shape(spec, shape):
    assert assert_keras_agrees(spec, shape) is None


@pytest.mark.parametrize("spec", [Dense(1), Dense(128)])
def test_dense_takes_any_flat_input(spec):
    assert assert_keras_agrees(spec, (1,)) is None
    assert assert_keras_agrees(spec, (300,)) is None


def test_problems_say_what_was_expected_and_what_came():
    assert Conv2D(kernel_size=(5, 3), padding="valid").problem((4, 9, 1)) == (
        "With valid padding the kernel must fit inside the input: it spans 5 × 3 pixels, the input has 4 × 9."
    )
    assert Conv2D(strides=(2, 1), dilation_rate=(1, 3)).problem((28, 28, 1)) == (
        "Strides and dilation cannot both be larger than 1: Keras expects one of them to be 1 × 1, "
        "the strides are 2 × 1 and the dilation 1 × 3."
    )
    assert Pooling(pool_size=(2, 8)).problem((28, 7, 1)) == (
        "With valid padding the pool must fit inside the input: it spans 2 × 8 pixels, the input has 28 × 7."
    )


def test_a_typed_kernel_that_is_none_is_a_problem():
    spec = Conv2D(filters=2, kernel_size=(1, 1), kernel=("1", "one"))
    assert spec.problem((28, 28, 1)).endswith("row 0, column 0 holds “one”.")


@given(convolutions, shapes)
@quick(60)
def test_a_convolution_has_the_weights_that_keras_makes(spec, shape):
    if spec.problem(shape):
        return
    layer = built(spec, shape)
    assert spec.weight_shapes(shape) == [weights.shape for weights in layer.get_weights()]
    assert spec.parameters(shape) == layer.count_params()


@pytest.mark.parametrize("spec", ALL_SPECS, ids=repr)
def test_weights_and_shape_are_those_of_the_keras_layer(spec):
    shape = flat_or(SHAPE, spec)
    layer = built(spec, shape)
    real = [tuple(weights.shape) for weights in layer.trainable_weights]
    assert spec.weight_shapes(shape) == real
    assert spec.parameters(shape) == sum(w.numpy().size for w in layer.trainable_weights)
    assert layer.compute_output_shape((1, *shape)) == (1, *spec.output_shape(shape))
    assert type(layer).__name__ in (spec.title, "MaxPooling2D", "ReLU", "LeakyReLU", "ELU")
    assert getattr(keras.layers, spec.title)


@pytest.mark.parametrize("spec", ALL_SPECS, ids=repr)
def test_the_code_makes_the_same_layer(spec):
    layer = eval(spec.as_code(), {"tf": tf})
    ours, theirs = spec.build().get_config(), layer.get_config()
    assert type(layer) is type(spec.build())
    # names count up; an initializer of a bias that there is not does not matter
    beside = {"name", *([] if getattr(spec, "use_bias", True) else ["bias_initializer"])}
    assert {k: v for k, v in ours.items() if k not in beside} == {k: v for k, v in theirs.items() if k not in beside}


def test_the_code_of_a_chosen_kernel_names_no_initializer():
    code = Conv2D(1, kernel=("1",), kernel_size=(1, 1)).as_code()
    assert "kernel_initializer" not in code and "GlorotUniform" not in code


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if not Activation(name).has_parameter])
def test_a_function_without_a_parameter_is_the_same_in_all_three_forms(name):
    x = np.linspace(-3, 3, 21, dtype=np.float32).reshape(1, 21, 1, 1)
    inside = tf.keras.layers.Conv2D(1, 1, activation=name, kernel_initializer="ones")(x)
    for layer in (Activation(name).build(), tf.keras.layers.Activation(name)):
        np.testing.assert_allclose(np.asarray(layer(x)), np.asarray(inside), atol=1e-6)


def test_functions_with_a_parameter_are_those_that_change_with_it():
    x = np.linspace(-3, 3, 21, dtype=np.float32)
    for name in ACTIVATIONS:
        plain, other = (np.asarray(spec.build()(x)) for spec in (Activation(name), Activation(name, 0.9, 0.4)))
        assert (not np.array_equal(plain, other)) == Activation(name).has_parameter


@pytest.mark.parametrize("name", ["relu", "gelu", "leaky_relu", "elu"])
def test_the_spec_hands_its_numbers_to_keras(name):
    config = Activation(name, negative_slope=0.35, alpha=0.7).build().get_config()
    if name == "leaky_relu":
        assert config["negative_slope"] == pytest.approx(0.35)
    elif name == "elu":
        assert config["alpha"] == pytest.approx(0.7)
    else:
        assert 0.35 not in config.values() and 0.7 not in config.values()


def test_the_convolution_that_is_built_is_the_one_that_was_described():
    config = Conv2D(5, (2, 3), (3, 4), "valid", (1, 1), True, 0.25, "tanh", "he_normal", 17).build().get_config()
    assert config["filters"] == 5 and config["kernel_size"] == (2, 3) and config["strides"] == (3, 4)
    assert config["padding"] == "valid" and config["activation"] == "tanh" and config["use_bias"]
    assert config["kernel_initializer"]["class_name"] == "HeNormal"
    assert config["kernel_initializer"]["config"]["seed"] == 17
    assert config["bias_initializer"]["config"]["value"] == 0.25
    assert Conv2D(1, dilation_rate=(2, 3)).build().get_config()["dilation_rate"] == (2, 3)
    assert not Conv2D(1, use_bias=False).build().get_config()["use_bias"]


@pytest.mark.parametrize("name", INITIALIZERS)
@pytest.mark.parametrize(("make", "shape"), [(Conv2D, (5, 5, 1)), (Dense, (12,))])
def test_the_initializer_and_its_seed_decide_the_weights(make, shape, name):
    def kernel(seed):
        return built(make(4, kernel_initializer=name, seed=seed), shape).get_weights()[0]

    np.testing.assert_array_equal(kernel(1), kernel(1))
    assert not np.array_equal(kernel(1), kernel(2))
    expected = keras.initializers.get({"class_name": name, "config": {"seed": 1}})
    np.testing.assert_array_equal(kernel(1), expected(kernel(1).shape))


@given(convolutions, shapes)
@quick(60)
def test_multiply_adds_are_those_of_a_plain_loop(spec, shape):
    if spec.problem(shape):
        return
    weights = built(spec, shape).get_weights()[0]
    height, width, filters = answer(spec, shape).shape
    count = 0
    for _ in itertools.product(range(height), range(width), range(filters)):
        for _ in itertools.product(*map(range, weights.shape[:3])):
            count += 1
    assert spec.multiply_adds(shape) == count


def test_multiply_adds_of_the_other_layers():
    count = 0
    for _unit in range(7):
        for _feature in range(12):
            count += 1
    assert Dense(7).multiply_adds((12,)) == Dense(7, use_bias=False).multiply_adds((12,)) == count
    for spec in (Activation(), Pooling(), Flatten(), Dropout()):
        assert spec.multiply_adds(SHAPE) == 0 and spec.parameters(SHAPE) == 0


def test_chosen_kernels_become_the_weights_of_their_filters_on_every_channel():
    texts = tuple(map(kernels.as_text, (kernels.PRESETS["sobel x"], kernels.PRESETS["emboss"])))
    spec = Conv2D(2, kernel=texts, bias=0.5)
    kernel, bias = spec.weights((9, 9, 3))
    assert kernel.shape == (3, 3, 3, 2) and kernel.dtype == np.float32
    for channel in range(3):
        np.testing.assert_array_equal(kernel[:, :, channel, 0], kernels.PRESETS["sobel x"])
        np.testing.assert_array_equal(kernel[:, :, channel, 1], kernels.PRESETS["emboss"])
    np.testing.assert_array_equal(bias, [0.5, 0.5])
    assert len(Conv2D(2, kernel=texts, use_bias=False).weights((9, 9, 3))) == 1
    assert Conv2D().weights((9, 9, 3)) is None
    assert Conv2D().weights_as_code((9, 9, 3)) is None


def test_biases_go_to_their_filters_as_float32():
    spec = Conv2D(2, (1, 1), kernel=("1", "2"), biases=(0.1, -3e-9), bias=0.7)
    np.testing.assert_array_equal(spec.weights((4, 4, 1))[1], np.array([0.1, -3e-9], np.float32))
    assert len(Conv2D(2, (1, 1), kernel=("1", "2"), biases=(0.1, 0.2), use_bias=False).weights((4, 4, 1))) == 1
    assert "bias_initializer" not in spec.as_code()


@pytest.mark.parametrize("spec", [spec for spec in ALL_SPECS if isinstance(spec, Conv2D)], ids=repr)
def test_the_short_code_makes_the_same_convolution_but_for_its_first_weights(spec):
    layer = eval(spec.as_positional_code(), {"tf": tf})
    ours, theirs = spec.build().get_config(), layer.get_config()
    beside = {"name", "kernel_initializer", "bias_initializer"}
    assert {k: v for k, v in ours.items() if k not in beside} == {k: v for k, v in theirs.items() if k not in beside}
    assert spec.as_positional_code().count("=") == theirs_that_are_named(spec)


def theirs_that_are_named(spec):
    default = Conv2D(spec.filters, spec.kernel_size, spec.strides, spec.padding)
    return sum(getattr(spec, name) != getattr(default, name) for name in ("dilation_rate", "activation", "use_bias"))


def test_the_short_code_is_the_one_of_tutorials():
    assert Conv2D(3).as_positional_code() == 'tf.keras.layers.Conv2D(3, 3, 1, "SAME")'
    assert Conv2D(5, (3, 4), (1, 2), "valid").as_positional_code() == (
        'tf.keras.layers.Conv2D(5, (3, 4), (1, 2), "VALID")'
    )


@pytest.mark.parametrize(
    "spec",
    [
        Conv2D(2, (1, 1), kernel=("1", "2"), biases=(0.1, -3e-9), bias=0.7),
        Conv2D(2, (1, 1), kernel=("1", "2"), bias=0.7),
        Conv2D(2, (1, 1), kernel=("1", "2"), biases=(0.1, -3e-9), use_bias=False),
    ],
)
def test_the_code_sets_the_biases_that_the_layer_has(spec):
    x = np.arange(8, dtype=np.float32).reshape(1, 4, 2, 1)
    namespace = {"np": np, "tf": tf, "x": x}
    exec(f"layer = {spec.as_code()}\nlayer.build(x.shape)\n{spec.weights_as_code((4, 2, 1))}", namespace)
    expected = x[0] * np.array([1, 2], np.float32)
    if spec.use_bias:
        expected = expected + np.array(spec.biases or (spec.bias,) * 2, np.float32)
    np.testing.assert_allclose(np.asarray(namespace["layer"](x))[0], expected, rtol=1e-6)
    assert [weights.shape for weights in namespace["layer"].get_weights()] == spec.weight_shapes((4, 2, 1))


@pytest.mark.parametrize("bias", [float("nan"), float("inf")])
def test_a_bias_that_is_no_number_is_a_problem(bias):
    spec = Conv2D(2, (1, 1), kernel=("1", "2"), biases=(0.5, bias))
    assert spec.problem((4, 4, 1)) == f"Every bias must be a number, that of filter 1 is {bias}."


def test_axes_of_tells_the_layers_that_slide_a_window():
    conv, pool = Conv2D(kernel_size=(3, 4), strides=(1, 2), padding="valid"), Pooling("max", (2, 3), (1, 2))
    height, width = conv.axes((9, 8, 1))
    assert (height.size, height.kernel, height.stride, height.padding) == (9, 3, 1, "valid")
    assert (width.size, width.kernel, width.stride, width.padding) == (8, 4, 2, "valid")
    assert [axis.dilation for axis in Conv2D(dilation_rate=(2, 3)).axes((9, 8, 1))] == [2, 3]
    assert [(a.size, a.kernel, a.stride, a.dilation) for a in pool.axes((9, 8, 1))] == [
        (9, 2, 1, 1),
        (8, 3, 2, 1),
    ]
    for spec in (Activation(), Flatten(), Dense(), Dropout()):
        assert spec.axes((9,)) is None
