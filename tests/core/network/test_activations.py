"""Numbers of the walk against three oracles: a plain loop, scipy, and the code that the page shows."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal, special

from core.data import mnist
from core.layers import kernels
from core.layers.activation import ACTIVATIONS
from core.layers.kinds import Activation, Conv2D, Dense, Dropout, Flatten, Pooling
from core.network import activations, network, saved
from core.network.presets import one_of_each
from core.scripts import layers as layers_script
from core.scripts.parts import mnist_image

ROOT = Path(__file__).resolve().parents[3]


def quick(examples):
    return settings(deadline=None, derandomize=True, max_examples=examples)


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


# Written out from the papers and from Keras' documentation, in float64.
FORMULAS = {
    "relu": lambda x: np.maximum(x, 0),
    "leaky_relu": lambda x, slope=0.2: np.where(x < 0, slope * x, x),
    "elu": lambda x, alpha=1.0: np.where(x < 0, alpha * (np.exp(np.minimum(x, 0)) - 1), x),
    "gelu": lambda x: x * (1 + special.erf(x / np.sqrt(2))) / 2,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": lambda x: (np.exp(2 * x) - 1) / (np.exp(2 * x) + 1),
    "softplus": lambda x: np.log(1 + np.exp(x)),
    "linear": lambda x: x,
}


def zeros_around(size, kernel, stride, dilation):
    """(before, after) of padding "same", by the rule in the documentation of tf.nn.convolution."""
    span = (kernel - 1) * dilation + 1
    total = max(span - (size % stride or stride), 0)
    return total // 2, total - total // 2


def padded(inputs, spec, filler=0.0):
    if spec.padding == "valid":
        return inputs.astype(float)
    size = getattr(spec, "kernel_size", None) or spec.pool_size
    dilation = getattr(spec, "dilation_rate", (1, 1))
    sides = [zeros_around(inputs.shape[i], size[i], spec.strides[i], dilation[i]) for i in (0, 1)]
    return np.pad(inputs.astype(float), [*sides, (0, 0)], constant_values=filler)


def by_loop(inputs, kernel, bias, spec):
    """The convolution as one would do it on paper: window after window, product after product."""
    inputs = padded(inputs, spec)
    (dy, dx), (sy, sx) = spec.dilation_rate, spec.strides
    rows = range(0, inputs.shape[0] - dy * (kernel.shape[0] - 1), sy)
    columns = range(0, inputs.shape[1] - dx * (kernel.shape[1] - 1), sx)
    outputs = np.zeros((len(rows), len(columns), kernel.shape[3]))
    for i, top in enumerate(rows):
        for j, left in enumerate(columns):
            for r in range(kernel.shape[0]):
                for c in range(kernel.shape[1]):
                    outputs[i, j] += inputs[top + r * dy, left + c * dx] @ kernel[r, c].astype(float)
    return outputs + bias


def by_scipy(inputs, kernel, bias, spec):
    """The convolution as scipy does it: of the holey kernel, at every place, and then every stride-th."""
    inputs = padded(inputs, spec)
    (dy, dx), (sy, sx) = spec.dilation_rate, spec.strides
    size = ((kernel.shape[0] - 1) * dy + 1, (kernel.shape[1] - 1) * dx + 1)
    maps = []
    for f in range(kernel.shape[3]):
        total = 0
        for channel in range(kernel.shape[2]):
            holey = np.zeros(size)
            holey[::dy, ::dx] = kernel[:, :, channel, f]
            everywhere = signal.correlate2d(inputs[..., channel], holey, mode="full")
            inside = everywhere[size[0] - 1 : inputs.shape[0], size[1] - 1 : inputs.shape[1]]
            total = total + inside[::sy, ::sx]
        maps.append(total + bias[f])
    return np.stack(maps, axis=-1)


@st.composite
def convolutions(draw):
    """(spec, input) that Keras can do; strides or dilation, odd and even sizes, one to three channels."""
    pairs = st.tuples(st.integers(1, 4), st.integers(1, 4))
    strides, dilation = draw(st.sampled_from([((1, 1), None), (None, (1, 1))]))
    strides, dilation = strides or draw(pairs), dilation or draw(pairs)
    size = draw(st.tuples(st.integers(1, 6), st.integers(1, 6)))
    padding = draw(st.sampled_from(["valid", "same"]))
    spans = [(size[i] - 1) * dilation[i] + 1 if padding == "valid" else 1 for i in (0, 1)]
    height, width = (draw(st.integers(span, span + 11)) for span in spans)
    spec = Conv2D(
        filters=draw(st.integers(1, 3)),
        kernel_size=size,
        strides=strides,
        padding=padding,
        dilation_rate=dilation,
        use_bias=draw(st.booleans()),
        bias=draw(st.sampled_from([0.0, 0.25, -0.6])),
        activation=draw(st.sampled_from(ACTIVATIONS)),
        seed=draw(st.integers(0, 99)),
    )
    if draw(st.booleans()):
        own = noise(spec.filters, *size, seed=spec.seed)
        spec = replace(spec, kernel=tuple(kernels.as_text(kernel) for kernel in own))
    return spec, noise(height, width, draw(st.integers(1, 3)), seed=draw(st.integers(0, 99)))


@given(convolutions())
@quick(120)
def test_a_convolution_is_the_sum_of_products_of_its_windows(drawn):
    spec, inputs = drawn
    result = activations.run_layer(spec, inputs)
    kernel = result.weights[0]
    if spec.use_bias:
        np.testing.assert_array_equal(result.weights[1], np.full(spec.filters, spec.bias, np.float32))
        bias = result.weights[1].astype(float)
    else:
        assert len(result.weights) == 1
        bias = np.zeros(spec.filters)
    if spec.kernel:
        own = noise(spec.filters, *spec.kernel_size, seed=spec.seed)
        for channel in range(inputs.shape[-1]):
            np.testing.assert_array_equal(kernel[:, :, channel].transpose(2, 0, 1), own)
    expected = by_loop(inputs, kernel, bias, spec)
    np.testing.assert_allclose(by_scipy(inputs, kernel, bias, spec), expected, atol=1e-9)
    assert result.outputs.shape == spec.output_shape(inputs.shape)
    np.testing.assert_allclose(result.outputs, FORMULAS[spec.activation](expected), atol=2e-5, rtol=2e-5)


@pytest.mark.parametrize("name", kernels.PRESETS)
def test_a_preset_gives_the_map_that_scipy_gives(name):
    image = noise(9, 8)
    spec = Conv2D(1, kernel=(kernels.as_text(kernels.PRESETS[name]),))
    outputs = activations.run_layer(spec, image[..., np.newaxis]).outputs[..., 0]
    expected = signal.correlate2d(image, kernels.PRESETS[name], mode="same")
    np.testing.assert_allclose(outputs, expected, atol=1e-5)


def test_sobel_is_positive_where_dark_turns_to_bright():
    picture = np.zeros((8, 8, 1), np.float32)
    picture[:, 4:] = 1
    sobel = tuple(kernels.as_text(kernels.PRESETS[name]) for name in ("sobel x", "sobel y"))
    x, y = activations.run_layer(Conv2D(2, padding="valid", kernel=sobel), picture).outputs.transpose(2, 0, 1)
    assert x.max() == 4 and x.min() == 0 and not y.any()
    np.testing.assert_array_equal(np.flatnonzero(x[0]), [2, 3])


@given(st.sampled_from(["max", "average"]), st.data())
@quick(80)
def test_pooling_is_the_largest_or_mean_value_of_its_windows(kind, data):
    pairs = st.tuples(st.integers(1, 5), st.integers(1, 5))
    padding = data.draw(st.sampled_from(["valid", "same"]))
    spec = Pooling(kind, data.draw(pairs), data.draw(pairs), padding)
    low = spec.pool_size if padding == "valid" else (1, 1)
    inputs = noise(*(data.draw(st.integers(n, n + 9)) for n in low), 2, seed=1) - 2  # mostly negative
    around = padded(inputs, spec, filler=np.nan)
    reduce = np.nanmax if kind == "max" else np.nanmean
    windows = np.lib.stride_tricks.sliding_window_view(around, spec.pool_size, axis=(0, 1))
    expected = reduce(windows[:: spec.strides[0], :: spec.strides[1]], axis=(-2, -1))
    outputs = activations.run_layer(spec, inputs).outputs
    np.testing.assert_allclose(outputs, expected, atol=1e-6)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_is_its_formula(name):
    inputs = np.concatenate([np.linspace(-6, 6, 241, dtype=np.float32), [0]]).astype(np.float32)
    outputs = activations.run_layer(Activation(name), inputs).outputs
    np.testing.assert_allclose(outputs, FORMULAS[name](inputs.astype(float)), atol=2e-6)
    dense = activations.run_layer(Dense(5, name), inputs)
    total = inputs.astype(float) @ dense.weights[0].astype(float)
    np.testing.assert_allclose(dense.outputs, FORMULAS[name](total), atol=2e-5)


@pytest.mark.parametrize("slope", [0.0, 0.35, 1.0])
def test_leaky_relu_leaks_as_much_as_was_chosen(slope):
    inputs = noise(40)
    outputs = activations.run_layer(Activation("leaky_relu", negative_slope=slope), inputs).outputs
    np.testing.assert_allclose(outputs, FORMULAS["leaky_relu"](inputs, slope), atol=1e-6)


@pytest.mark.parametrize("alpha", [0.1, 2.5])
def test_elu_falls_to_minus_alpha(alpha):
    inputs = np.append(noise(40), np.float32(-30))
    outputs = activations.run_layer(Activation("elu", alpha=alpha), inputs).outputs
    np.testing.assert_allclose(outputs, FORMULAS["elu"](inputs, alpha), atol=1e-6)
    assert outputs.min() == pytest.approx(-alpha)


def test_dense_is_a_matrix_product_and_softmax_sums_to_one():
    inputs = noise(30)
    result = activations.run_layer(Dense(10, "softmax", bias=0.5, seed=4), inputs)
    kernel, bias = result.weights
    np.testing.assert_array_equal(bias, np.full(10, 0.5, np.float32))
    total = inputs.astype(float) @ kernel + bias
    np.testing.assert_allclose(result.outputs, special.softmax(total), atol=1e-6)
    assert result.outputs.sum() == pytest.approx(1)


def test_arrays_cannot_be_changed_and_have_no_batch_axis():
    image = activations.as_input(np.arange(784, dtype=np.uint8).reshape(28, 28))
    assert image.shape == network.INPUT_SHAPE and image.dtype == np.float32
    assert image.max() == 1 and image[0, 1, 0] == np.float32(1 / 255) and image[0, 0, 0] == 0
    arrays = [image]
    for result in activations.run(one_of_each().upto("output"), image):
        arrays += [result.inputs, result.outputs, *result.weights]
        assert result.outputs.dtype == np.float32
    for array in arrays:
        with pytest.raises(ValueError):
            array[...] = 0


def test_each_layer_receives_what_the_one_before_gave():
    walk = one_of_each(conv2d=Conv2D(3, strides=(2, 1)), dropout=Dropout(0.3))
    image = activations.as_input(np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8))
    results = activations.run(walk.upto("output"), image)
    assert len(results) == len(walk) == 7
    assert results[0].inputs is image
    for before, after in pairwise(results):
        assert after.inputs is before.outputs
    again = image
    for spec, result in zip(walk.upto("output"), results, strict=True):
        again = activations.run_layer(spec, again).outputs
        np.testing.assert_allclose(again, result.outputs, rtol=1e-5, atol=1e-6)
    for stop, result in zip(walk.trace(), results, strict=True):
        assert (stop.input_shape, stop.output_shape) == (result.inputs.shape, result.outputs.shape)
        # beyond Dropout the digit goes on as in `predict`: nothing is dropped
        expected = replace(stop.spec, training=False) if stop.name == "dropout" else stop.spec
        assert stop.problem is None and result.spec == expected


def test_a_walk_ends_at_the_first_stage_that_cannot_be_built():
    walk = one_of_each(conv2d=Conv2D(2, strides=(8, 8)), pooling=Pooling(pool_size=(5, 2)))
    stops = walk.trace()
    assert [stop.name for stop in stops] == ["conv2d", "activation", "pooling"]
    assert stops[-1].output_shape is None and stops[-1].input_shape == (4, 4, 2)
    assert "spans 5 × 2 pixels, the input has 4 × 4" in stops[-1].problem
    with pytest.raises(ValueError, match="spans 5 × 2 pixels, the input has 4 × 4"):
        activations.run(walk.upto("pooling"), noise(28, 28, 1))


def test_upto_ends_with_the_stage_that_was_asked_for():
    walk = one_of_each()
    assert walk.upto("conv2d") == (walk["conv2d"],)
    assert walk.upto("pooling") == (walk["conv2d"], walk["activation"], walk["pooling"])
    assert walk.upto("output")[-1].units == network.CLASSES == 10


def test_an_answer_does_not_depend_on_the_mask_of_dropout():
    image = activations.as_input(mnist.sample("test", 3).image)
    resting = one_of_each(SMALL, dropout=Dropout(0.5, training=False))
    expected = activations.run(resting.upto("output"), image)[-1].outputs
    for seed in (0, 1):
        walk = one_of_each(SMALL, dropout=Dropout(0.5, True, seed))
        assert walk.upto("dropout")[-1].training
        masked = activations.run(walk.upto("dropout"), image)[-1]
        assert not np.array_equal(masked.outputs, masked.inputs)
        np.testing.assert_array_equal(activations.run(walk.upto("output"), image)[-1].outputs, expected)
        assert walk.upto("output")[-2] == replace(walk["dropout"], training=False)


def test_dead_maps_are_those_without_a_number_other_than_zero():
    inputs = np.stack([np.full((3, 3), -1), np.eye(3), -np.eye(3), np.zeros((3, 3))], axis=-1).astype(np.float32)
    assert activations.run_layer(Activation("relu"), inputs).dead_maps.tolist() == [True, False, True, True]
    assert activations.run_layer(Activation("linear"), inputs).dead_maps.tolist() == [False, False, False, True]
    flat = np.array([-1, 0, 2], np.float32)
    assert activations.run_layer(Activation("relu"), flat).dead_maps.tolist() == [True, True, False]


def test_layers_without_weights_have_none():
    for spec in (Activation(), Pooling(), Flatten(), Dropout()):
        assert activations.run_layer(spec, noise(4, 4, 2)).weights == ()


SOBEL = kernels.as_text(kernels.PRESETS["sobel x"])
PRESETS = tuple(kernels.as_text(kernel) for kernel in kernels.PRESETS.values())
SMALL = Conv2D(2, strides=(3, 3))
OWN = tuple(kernels.as_text(kernel) for kernel in noise(3, 2, 3, seed=5) * 0.1)
BIASES = (0.1, -1.2345678e-07, float(np.float32(1 / 3)))

CODE = {
    "defaults": (one_of_each(), "conv2d"),
    "every number changed": (
        one_of_each(
            Conv2D(3, (2, 5), (2, 3), "valid", bias=-0.35, activation="elu", kernel_initializer="he_normal", seed=9)
        ),
        "conv2d",
    ),
    "dilation without bias": (one_of_each(Conv2D(2, (3, 2), dilation_rate=(2, 3), use_bias=False)), "conv2d"),
    "all presets": (one_of_each(Conv2D(8, kernel=PRESETS, bias=0.25, activation="relu")), "conv2d"),
    "one preset without bias": (one_of_each(Conv2D(1, kernel=(SOBEL,), use_bias=False)), "conv2d"),
    "a typed kernel": (
        one_of_each(Conv2D(1, (2, 3), (2, 2), kernel=(" 1,.5,−2; 0.10,007,1e-1",), activation="gelu")),
        "conv2d",
    ),
    "a typed kernel with a last semicolon": (one_of_each(Conv2D(1, (1, 2), kernel=("1,-1;",))), "conv2d"),
    "a bias for each filter": (one_of_each(Conv2D(3, (2, 3), kernel=OWN, biases=BIASES)), "conv2d"),
    "biases left out": (one_of_each(Conv2D(3, (2, 3), use_bias=False, kernel=OWN, biases=BIASES)), "conv2d"),
    "a bias for each filter on the way": (one_of_each(Conv2D(3, (2, 3), kernel=OWN, biases=BIASES)), "pooling"),
    **{f"Conv2D with {name}": (one_of_each(Conv2D(2, activation=name)), "conv2d") for name in ("gelu", "softplus")},
    **{f"activation {name}": (one_of_each(SMALL, Activation(name, 0.35, 0.7)), "activation") for name in ACTIVATIONS},
    "max pooling": (one_of_each(pooling=Pooling("max", (3, 2), (1, 3), "same")), "pooling"),
    "average pooling": (one_of_each(pooling=Pooling("average", (2, 3), (2, 1), "same")), "pooling"),
    "average pooling, valid": (one_of_each(pooling=Pooling("average", (5, 1), (1, 2))), "pooling"),
    "flatten": (one_of_each(SMALL), "flatten"),
    "dense": (one_of_each(SMALL, dense=Dense(5, "tanh", True, 0.4, "orthogonal", 3)), "dense"),
    "dense without bias": (one_of_each(SMALL, dense=Dense(5, "leaky_relu", False)), "dense"),
    "dropout": (one_of_each(SMALL, dropout=Dropout(0.35, True, 8)), "dropout"),
    "dropout, not training": (one_of_each(SMALL, dropout=Dropout(0.35, False, 8)), "dropout"),
    "dropout of nothing": (one_of_each(SMALL, dropout=Dropout(0.0)), "dropout"),
    "output": (one_of_each(), "output"),
    "output behind a dropout in training": (one_of_each(SMALL, dropout=Dropout(0.35, True, 8)), "output"),
    "output with sigmoid": (one_of_each(SMALL, output=Dense(10, "sigmoid", seed=2)), "output"),
}


@pytest.mark.parametrize("name", CODE)
def test_the_code_computes_what_the_page_shows(name, monkeypatch, capsys):
    walk, stage = CODE[name]
    split, index = ("train", 59_999) if name == "all presets" else ("test", 7)
    monkeypatch.chdir(ROOT)
    code = layers_script.as_code(walk, stage, mnist_image(split, index))
    namespace = {}
    exec(code, namespace)
    with np.load("assets/mnist.npz") as mnist:
        image = mnist[f"x_{split}"][index]
    result = activations.run(walk.upto(stage), activations.as_input(image))[-1]
    x, y, weights = namespace["x"], namespace["y"], namespace["layer"].get_weights()
    assert np.asarray(x).shape == (1, *result.inputs.shape)
    np.testing.assert_allclose(np.asarray(x)[0], result.inputs, atol=1e-6, rtol=0)
    np.testing.assert_allclose(np.asarray(y)[0], result.outputs, atol=1e-6, rtol=0)
    if result.weights:
        assert len(weights) == len(result.weights)
        for theirs, ours in zip(weights, result.weights, strict=True):
            np.testing.assert_allclose(theirs, ours, atol=1e-6, rtol=0)
    # the shapes that the code prints and those in its comments
    assert capsys.readouterr().out.startswith(str((1, *result.outputs.shape)))
    assert code.rstrip().splitlines()[-3].endswith(f"# {(1, *result.outputs.shape)}")


@pytest.mark.parametrize("stage", ["conv2d", "dense", "output"])
def test_the_code_of_the_unscaled_image_computes_what_the_page_shows(stage, monkeypatch):
    monkeypatch.chdir(ROOT)
    namespace = {}
    exec(layers_script.as_code(one_of_each(), stage, mnist_image("train", 0), scaled=False), namespace)
    pixels = mnist.sample("train", 0).image
    result = activations.run(one_of_each().upto(stage), activations.as_input(pixels, scaled=False))[-1]
    np.testing.assert_allclose(np.asarray(namespace["y"])[0], result.outputs, rtol=1e-4, atol=1e-4)
    if stage == "conv2d":
        np.testing.assert_array_equal(namespace["x"][0, ..., 0], pixels)
        assert namespace["x"].dtype == np.float32 == result.inputs.dtype
        # without a bias a convolution grows with its input
        small = activations.run_layer(result.spec, activations.as_input(pixels))
        np.testing.assert_allclose(result.outputs, 255 * small.outputs, rtol=1e-4, atol=1e-2)


@pytest.mark.parametrize("use_bias", [True, False])
def test_the_code_of_a_trained_kernel_loads_its_file(use_bias, monkeypatch):
    monkeypatch.chdir(ROOT)
    kernel, bias = saved.load_pretrained().get_layer("block1_conv1").get_weights()
    spec = Conv2D(
        len(bias),
        use_bias=use_bias,
        kernel=tuple(kernels.as_text(kernel[:, :, 0, i]) for i in range(len(bias))),
        biases=tuple(map(float, bias)),
        source="assets/basic_cnn.keras",
    )
    code = layers_script.as_code(one_of_each(spec), "conv2d", mnist_image("test", 7))
    assert 'load_model("assets/basic_cnn.keras"' in code and "np.array([" not in code
    namespace = {}
    exec(code, namespace)
    result = activations.run_layer(spec, activations.as_input(mnist.sample("test", 7).image))
    np.testing.assert_allclose(np.asarray(namespace["y"])[0], result.outputs, atol=1e-6, rtol=0)
    np.testing.assert_array_equal(result.weights[0], kernel)
    assert len(result.weights) == 1 + use_bias
    if use_bias:
        np.testing.assert_array_equal(result.weights[1], bias)


def test_the_code_names_the_digit():
    assert 'mnist["x_train"][41]' in layers_script.as_code(one_of_each(), "conv2d", mnist_image("train", 41))
