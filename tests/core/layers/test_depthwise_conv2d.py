"""DepthwiseConv2D against Keras: every cell as a sum of products, strides and dilation of every kind, costs."""

from dataclasses import replace

import keras
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.layers.depthwise_conv2d import depthwise
from core.layers.kinds import Conv2D, DepthwiseConv2D
from core.network import activations
from core.network.notation import as_text, parse
from core.training import loop
from core.training.spec import TrainingSpec
from tests.core.layers.strategies import layers_of

shapes = st.tuples(st.integers(1, 12), st.integers(1, 12), st.integers(1, 3))


def noise(shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


@settings(deadline=None, derandomize=True, max_examples=80)
@given(layers_of(DepthwiseConv2D, most=4), shapes, st.integers(0, 99))
def test_every_cell_is_the_sum_that_keras_computed(layer, shape, seed):
    layer = replace(layer, activation="linear")
    assume(layer.problem(shape) is None)
    inputs = noise(shape, seed)
    result = activations.run_layer(layer, inputs)
    kernel, bias = (*result.weights, None)[:2]
    assert result.outputs.shape == layer.output_shape(shape)
    for cell in np.ndindex(result.outputs.shape):
        step = depthwise(inputs, kernel, bias, layer.axes(shape), cell)
        read, which = divmod(cell[2], layer.depth_multiplier)
        np.testing.assert_array_equal(step.kernel[..., 0], kernel[:, :, read, which])
        assert step.products.shape == (*layer.kernel_size, 1)
        assert step.bias == (0 if bias is None else bias[cell[2]])
        assert step.total == pytest.approx(float(result.outputs[cell]), abs=1e-4)


def test_strides_and_dilation_may_both_be_larger_than_1_and_such_strides_may_differ():
    """Where Conv2D refuses: Keras takes such a depthwise convolution apart, and it can be trained."""
    assert Conv2D(2, (3, 3), (2, 2), dilation_rate=(2, 2)).problem((28, 28, 1)) is not None
    layer = "DepthwiseConv2D 3 {} dilation_rate 2 depth_multiplier 2"
    network = parse(f"{layer.format('2x3')} - ReLU - {layer.format(2)} - Flatten - Dense 10 softmax")
    assert network.problem() is None
    spec = TrainingSpec(network=network, examples=200, validation=100, epochs=1, optimizer="sgd", learning_rate=0.05)
    start = spec.seeded.build().get_weights()
    both = [loop.train(replace(spec, engine=engine)).weights() for engine in ("fit", "loop")]
    for one, other, before in zip(*both, start, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-5)
        assert (one != before).any()


def test_strides_that_only_some_processors_take_are_a_sentence():
    layer = DepthwiseConv2D((3, 3), (1, 2))
    assert layer.problem((28, 28, 1)) == (
        "TensorFlow expects the same stride for rows and columns of a DepthwiseConv2D without dilation, "
        "these are 1 × 2."
    )
    assert layer.mended((28, 28, 1)) == DepthwiseConv2D((3, 3), (2, 2))
    assert replace(layer, dilation_rate=(1, 2)).problem((28, 28, 1)) is None
    assert layer.problem((28,)).startswith("DepthwiseConv2D expects maps")


def test_a_window_that_does_not_fit_is_a_sentence():
    layer = DepthwiseConv2D((3, 3), padding="valid", dilation_rate=(4, 4))
    assert layer.problem((28, 8, 2)) == (
        "With valid padding the kernel must fit inside the input: it spans 9 × 9 pixels, the input has 28 × 8."
    )
    assert layer.problem((28,)).startswith("DepthwiseConv2D expects maps")


def test_it_multiplies_less_than_a_convolution_by_the_number_of_channels():
    shape, one, all_channels = (10, 10, 8), DepthwiseConv2D(), Conv2D(8)
    assert one.output_shape(shape) == all_channels.output_shape(shape)
    assert all_channels.multiply_adds(shape) == 8 * one.multiply_adds(shape)
    built = one.build()
    built.build((1, *shape))
    assert built.count_params() == one.parameters(shape) == 9 * 8 + 8


def test_a_mobile_block_is_built_from_its_text():
    block = "DepthwiseConv2D 3 strides 2 same - BatchNormalization - ReLU - Conv2D 8 1"
    text = f"{block} - GlobalAveragePooling2D - Dense 10 softmax"
    network = parse(text)
    assert as_text(network) == text and parse(text.replace("strides 2", "2")) == network
    model = network.build()
    kinds = ["InputLayer", "DepthwiseConv2D", "BatchNormalization", "ReLU", "Conv2D", "GlobalAveragePooling2D", "Dense"]
    assert [type(layer).__name__ for layer in model.layers] == kinds
    assert model.count_params() == network.parameter_count()
    assert isinstance(model.layers[1].depthwise_initializer, keras.initializers.GlorotUniform)
