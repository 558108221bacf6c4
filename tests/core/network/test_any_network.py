"""Networks put together at random from all kinds: formula, model, code and text say the same as Keras."""

import math

import keras
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.layers import kernels
from core.layers.kinds import Conv2D, Dense, Flatten
from core.network import activations, exporting, importing, notation
from core.network.activations import Tracer
from core.network.network import INPUT_SHAPE, MOST_PARAMETERS, Network
from tests.core.layers.strategies import all_kinds

LAYERS = all_kinds(most=9)
# of one layer: kinds that multiply channels would otherwise make a network that takes long to build
_MOST_VALUES, _MOST_PARAMETERS = 10_000, 300_000


@st.composite
def fitting(draw, most=6):
    """A network of up to `most` layers of which each can follow the one before."""
    layers, shape = [], INPUT_SHAPE
    for _ in range(draw(st.integers(1, most))):
        kind = draw(st.sampled_from(list(LAYERS)))
        layer = draw(LAYERS[kind])
        if isinstance(layer, Conv2D):
            layer = _consistent(layer, draw(st.integers(1, 5)))
        if layer.problem(shape) is None and _is_small(layer, shape):
            layers.append((f"layer{len(layers)}", layer))
            shape = layer.output_shape(shape)
    return Network(tuple(layers or [("layer0", Dense(3))]))


def _is_small(layer, shape):
    return math.prod(layer.output_shape(shape)) <= _MOST_VALUES and layer.parameters(shape) <= _MOST_PARAMETERS


def _with(layer, **changes):
    return type(layer)(**{**vars(layer), **changes})


def _consistent(layer, count):
    """Chosen kernels of the presets are 3×3, one a filter, with a bias each or none of their own."""
    if not layer.kernel:
        return _with(layer, biases=())
    chosen = (layer.kernel * count)[:count]
    biases = (layer.biases * count)[:count]
    return _with(layer, kernel=chosen, biases=biases, filters=len(chosen), kernel_size=kernels.parse(chosen[0]).shape)


def quick(examples):
    return settings(deadline=None, derandomize=True, max_examples=examples)


def image():
    return np.random.default_rng(0).random(INPUT_SHAPE, np.float32)


@given(fitting())
@quick(40)
def test_shapes_and_parameters_are_those_of_the_model(network):
    model = network.build()
    assert network.problem() is None
    assert [stage.name for stage in network.stages()] == [layer.name for layer in model.layers[1:]]
    for stage, layer in zip(network.stages(), model.layers[1:], strict=True):
        assert layer.input.shape == (None, *stage.input_shape) and layer.output.shape == (None, *stage.output_shape)
        # `weights` leaves out the random state of a Dropout
        assert [tuple(weights.shape) for weights in layer.weights] == stage.spec.weight_shapes(stage.input_shape)
        assert tuple(weights.name for weights in layer.weights) == stage.spec.weight_names(stage.input_shape)
    assert network.parameter_count() == model.count_params()


@given(fitting())
@quick(25)
def test_the_code_and_the_text_build_the_same_model(network):
    made = {}
    exec(network.as_code(), made)
    from_text = notation.parse(notation.as_text(network)).build()
    ours = network.build()
    batch = image()[np.newaxis]
    assert [layer.name for layer in ours.layers] == [layer.name for layer in from_text.layers]
    assert [layer.name for layer in ours.layers] == [layer.name for layer in made["model"].layers]
    np.testing.assert_array_equal(ours(batch), from_text(batch))
    np.testing.assert_array_equal(ours(batch), made["model"](batch))


@given(fitting())
@quick(25)
def test_layer_by_layer_is_what_the_model_predicts(network):
    quiet = Network(tuple((name, layer.at_rest()) for name, layer in network))
    model = quiet.build()
    results = activations.run(tuple(layer for _, layer in quiet), image())
    traced = Tracer(model, quiet).trace(image())
    for result, (name, _) in zip(results, quiet, strict=True):
        np.testing.assert_allclose(result.outputs, traced[name].outputs, rtol=1e-4, atol=1e-4)
        for one, other in zip(result.weights, traced[name].weights, strict=True):
            np.testing.assert_array_equal(one, other)
    np.testing.assert_allclose(results[-1].outputs, model(image()[np.newaxis])[0], rtol=1e-4, atol=1e-4)


@given(fitting())
@quick(15)
def test_a_file_of_it_is_read_again(network):
    ending = (("flat", Flatten()), ("ten", Dense(10, "softmax")))
    whole = Network((*((name, layer.at_rest()) for name, layer in network), *ending))
    # other numbers than a fresh network has: every weight must find its place
    weights = [
        1 + np.arange(array.size, dtype=np.float32).reshape(array.shape) for array in whole.build().get_weights()
    ]
    header, arrays = importing.read_here("keras", "", exporting.as_keras_file(whole, weights))
    read = notation.parse(header["text"])
    assert not header["problem"] and read.names == whole.names
    for (_, one), (_, other) in zip(read, whole, strict=True):
        # all that Keras is told: chosen kernels and biases are weights
        assert {key: one.config()[key] for key in other.config()} == other.config()
    for one, other in zip(arrays, weights, strict=True):
        np.testing.assert_array_equal(one, other)


@given(fitting(), st.integers(0, 99))
@quick(20)
def test_other_seeds_are_other_weights_of_the_same_network(network, seed):
    seeded = network.seeded(seed)
    assert seeded == network.seeded(seed) and seeded.names == network.names
    assert [stage.output_shape for stage in seeded.stages()] == [stage.output_shape for stage in network.stages()]
    seeds = [layer.seed for _, layer in seeded if hasattr(layer, "seed")]
    assert len(set(seeds)) == len(seeds)


def test_what_cannot_be_built_is_said_before_it_is():
    text = "Flatten - Conv2D 4 3 - Dense 10"
    assert notation.parse(text).problem() == (
        "conv2d: Conv2D expects maps, (height, width, channels), and what comes in is a flat row of 784 values: it "
        "belongs before Flatten."
    )
    assert (
        notation.parse("MaxPool2D 9 - MaxPool2D 9").problem().startswith("max_pooling2d_1: With valid padding the pool")
    )
    assert Network((("a", Dense(3)), ("a", Dense(3)))).problem() == (
        "Every layer needs a name of its own, and two are called a."
    )
    assert f"{MOST_PARAMETERS:,}" in notation.parse("Flatten - Dense 4096 - Dense 4096 - Dense 4096").problem()
    assert Network(()).problem() == "A network has from 1 to 64 layers, this one has 0."


def test_lenet5_is_the_one_that_textbooks_count():
    network = notation.parse("LeNet-5")
    assert network.parameter_count() == 61_706
    assert [stage.output_shape for stage in network.stages()][-1] == (10,)
    assert isinstance(network.build(), keras.Model)
