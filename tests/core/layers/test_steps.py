"""Every number explained to a person is the number that Keras computed."""

import math

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data import mnist
from core.layers import steps
from core.layers.kinds import Conv2D, Dense, Dropout, Flatten, Pooling
from core.layers.shapes import Axis
from core.network import activations


def quick(examples):
    return settings(deadline=None, derandomize=True, max_examples=examples)


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def corners_and_more(shape, rng):
    """Cells of an output: its four corners, and some anywhere."""
    height, width, channels = shape
    cells = [(r, c, 0) for r in (0, height - 1) for c in (0, width - 1)]
    return cells + [tuple(map(int, rng.integers(0, shape))) for _ in range(4)] + [(0, 0, channels - 1)]


pairs = st.tuples(st.integers(1, 4), st.integers(1, 4))


@st.composite
def settings_of(draw, make):
    """(spec, input) of a layer that slides a window, valid or same, on an input in which it fits."""
    size, padding = draw(pairs), draw(st.sampled_from(["valid", "same"]))
    if make is Conv2D:
        strides, dilation = draw(st.sampled_from([(None, (1, 1)), ((1, 1), None)]))
        strides, dilation = strides or draw(pairs), dilation or draw(pairs)
        spec = Conv2D(3, size, strides, padding, dilation, draw(st.booleans()), 0.375, seed=draw(st.integers(0, 9)))
    else:
        dilation = (1, 1)
        spec = Pooling(draw(st.sampled_from(["max", "average"])), size, draw(pairs), padding)
    spans = [dilation[i] * (size[i] - 1) + 1 if padding == "valid" else 1 for i in (0, 1)]
    height, width = (draw(st.integers(span, span + 9)) for span in spans)
    return spec, noise(height, width, draw(st.integers(1, 3)), seed=draw(st.integers(0, 99)))


@given(settings_of(Conv2D), st.integers(0, 99))
@quick(80)
def test_a_convolution_step_adds_up_to_the_output_of_keras(drawn, seed):
    spec, inputs = drawn
    result = activations.run_layer(spec, inputs)
    kernel, bias = (*result.weights, None)[:2]
    for cell in corners_and_more(result.outputs.shape, np.random.default_rng(seed)):
        step = steps.convolution(inputs, kernel, bias, spec.axes(inputs.shape), cell)
        assert step.total == pytest.approx(float(result.outputs[cell]), abs=1e-5)
        # what is shown beside it: the window, the kernel, their products, the bias
        assert step.products.shape == step.window.values.shape == step.kernel.shape == kernel.shape[:3]
        np.testing.assert_array_equal(step.kernel, kernel[..., cell[2]])
        np.testing.assert_array_equal(step.products, step.window.values * step.kernel)
        assert step.total == pytest.approx(math.fsum(step.products.ravel().tolist()) + step.bias, abs=1e-9)
        assert step.bias == (0.375 if spec.use_bias else 0)


@given(settings_of(Conv2D), st.integers(0, 99))
@quick(80)
def test_a_window_holds_the_pixels_at_its_positions_and_zeros_outside(drawn, seed):
    spec, inputs = drawn
    axes = spec.axes(inputs.shape)
    shape = spec.output_shape(inputs.shape)
    for row, column, _ in corners_and_more(shape, np.random.default_rng(seed)):
        found = steps.window(inputs, axes, row, column)
        assert (found.rows, found.columns) == (axes[0].window(row), axes[1].window(column))
        for i, r in enumerate(found.rows):
            for j, c in enumerate(found.columns):
                inside = 0 <= r < inputs.shape[0] and 0 <= c < inputs.shape[1]
                assert found.inside[i, j] == inside
                np.testing.assert_array_equal(found.values[i, j], inputs[r, c] if inside else 0)


@given(settings_of(Pooling), st.integers(0, 99), st.sampled_from([0, -5, 5]))
@quick(80)
def test_a_pooling_step_is_the_output_of_keras(drawn, seed, shift):
    spec, inputs = drawn
    inputs = inputs + np.float32(shift)  # all negative, too: padding must not win
    outputs = activations.run_layer(spec, inputs).outputs
    for cell in corners_and_more(outputs.shape, np.random.default_rng(seed)):
        step = steps.pooling(inputs, spec.kind, spec.axes(inputs.shape), cell)
        assert step.total == pytest.approx(float(outputs[cell]), abs=1e-5)
        if spec.kind == "max":
            assert inputs[(*step.winner, cell[2])] == outputs[cell]
        else:
            assert step.winner is None


@given(settings_of(Pooling), st.integers(1, 3))
@quick(80)
def test_winners_are_the_first_largest_pixels_of_their_windows(drawn, levels):
    spec, inputs = drawn
    inputs = np.floor(inputs * levels) / levels - 9  # many ties, all negative; with one level whole numbers
    axes = spec.axes(inputs.shape)
    outputs = activations.run_layer(Pooling("max", spec.pool_size, spec.strides, spec.padding), inputs).outputs
    won = steps.winners(inputs, axes)
    assert won.shape == outputs.shape and won.dtype == np.int32
    width = inputs.shape[1]
    for row, column, channel in np.ndindex(outputs.shape):
        inside = [
            (r, c)
            for r in axes[0].window(row)
            for c in axes[1].window(column)
            if 0 <= r < inputs.shape[0] and 0 <= c < width
        ]
        first = next((r, c) for r, c in inside if inputs[r, c, channel] == outputs[row, column, channel])
        assert divmod(int(won[row, column, channel]), width) == first
        assert steps.pooling(inputs, "max", axes, (row, column, channel)).winner == first


@pytest.mark.parametrize("value", [0.0, -3.0, 2.5])
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_in_a_flat_map_the_first_pixel_inside_wins(value, padding):
    inputs = np.full((5, 5, 1), value, np.float32)
    won = steps.winners(inputs, Pooling("max", (3, 3), (2, 2), padding).axes(inputs.shape))
    firsts = [0, 2] if padding == "valid" else [0, 1, 3]  # same pads one zero before
    np.testing.assert_array_equal(won[..., 0], [[r * 5 + c for c in firsts] for r in firsts])


@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize("unit", [0, 3, 6])
def test_a_dense_step_adds_up_to_the_output_of_keras(unit, use_bias):
    inputs = noise(500)
    result = activations.run_layer(Dense(7, "linear", use_bias, 0.25, seed=2), inputs)
    kernel, bias = (*result.weights, None)[:2]
    step = steps.dense(inputs, kernel, bias, unit)
    assert step.total == pytest.approx(float(result.outputs[unit]), abs=1e-5)
    assert step.bias == (0.25 if use_bias else 0)
    np.testing.assert_array_equal(step.products, inputs * kernel[:, unit])
    assert step.total == pytest.approx(math.fsum(step.products.tolist()) + step.bias, abs=1e-9)


def test_dense_ranks_from_the_strongest_push_up_to_the_strongest_push_down():
    inputs = np.array([1, 2, 0, -1, 5, 0], np.float32)
    kernel = np.array([[3, 0], [-4, 0], [9, 0], [-2, 0], [0.2, 0], [1, 0]], np.float32)
    step = steps.dense(inputs, kernel, None, 0)
    assert step.products.tolist() == [3, -8, 0, 2, 1, 0]
    assert step.ranked.tolist() == [0, 3, 4, 2, 5, 1]  # equal ones in their own order
    assert step.total == -2
    many = noise(200)
    ranked = steps.dense(many, np.ones((200, 1), np.float32), None, 0).ranked
    assert ranked.tolist() == sorted(range(200), key=lambda i: -many[i])


@given(st.sampled_from([0.0, 0.05, 0.35, 0.5, 0.95]), st.integers(0, 9999), st.booleans())
@quick(40)
def test_the_dropout_mask_is_what_keras_kept(rate, seed, training):
    spec = Dropout(rate, training, seed)
    inputs = np.abs(noise(200, seed=seed)) + 0.5
    outputs = activations.run_layer(spec, inputs).outputs
    mask = steps.dropout_mask(spec, inputs.shape)
    assert mask.dtype == bool and mask.shape == inputs.shape
    np.testing.assert_array_equal(mask, outputs != 0)
    scale = 1 / (1 - rate) if training else 1
    np.testing.assert_allclose(outputs[mask], inputs[mask] * scale, rtol=1e-6)
    np.testing.assert_array_equal(mask, steps.dropout_mask(spec, inputs.shape))
    if not training or rate == 0:
        np.testing.assert_array_equal(outputs, inputs)


def test_a_zero_of_the_input_is_not_taken_for_a_dropped_one():
    spec = Dropout(0.5, seed=3)
    inputs = np.where(np.arange(200) % 3 == 0, 0, 1).astype(np.float32)
    outputs = activations.run_layer(spec, inputs).outputs
    mask = steps.dropout_mask(spec, (200,))
    np.testing.assert_array_equal(outputs, np.where(mask, 2 * inputs, 0))
    assert mask[inputs == 0].any()


def test_another_seed_draws_another_mask():
    masks = [steps.dropout_mask(Dropout(0.5, seed=seed), (200,)) for seed in range(4)]
    assert len({mask.tobytes() for mask in masks}) == 4


@pytest.mark.parametrize("rate", [0.05, 0.3, 0.5, 0.95])
def test_dropout_drops_its_rate_and_keeps_the_mean(rate):
    """Each value survives with probability q = 1 − rate and is then value / q: its mean stays, its variance is
    value² · rate / q. Masks are independent, so the standard error of the average of all is
    sqrt(Σ value² · rate / q / masks) / n; six of them are passed by chance once in 500 million runs."""
    n, masks, q = 400, 300, 1 - rate
    spec, inputs = Dropout(rate, seed=5), noise(n) + 1
    error = np.sqrt(np.square(inputs, dtype=np.float64).sum() * rate / q / masks) / n
    average = steps.dropout_average(spec, inputs, masks)
    assert abs(average - inputs.mean(dtype=np.float64)) < 6 * error
    assert error < 0.05  # or the bound would hold for anything
    kept = steps.dropout_mask(spec, (20_000,)).mean()
    assert abs(kept - q) < 6 * np.sqrt(rate * q / 20_000)


def test_dropout_average_is_over_different_masks():
    inputs = np.ones(50, np.float32)
    averages = {round(steps.dropout_average(Dropout(0.5, seed=1), inputs, masks), 9) for masks in (1, 2, 3, 4)}
    assert len(averages) > 1
    assert steps.dropout_average(Dropout(0.5, training=False), inputs, 3) == 1


@given(st.tuples(st.integers(1, 6), st.integers(1, 6), st.integers(1, 5)))
@quick(25)
def test_positions_are_those_of_keras_flatten(shape):
    """The input holds its own addresses, so the flat vector says where every value came from."""
    rows, columns, channels = np.indices(shape)
    inputs = (rows * 10_000 + columns * 100 + channels).astype(np.float32)
    flat = activations.run_layer(Flatten(), inputs).outputs
    assert len(flat) == math.prod(shape)
    for position, address in enumerate(flat.astype(int).tolist()):
        where = (address // 10_000, address // 100 % 100, address % 100)
        assert steps.flat_position(shape, *where) == position
        assert steps.unflat_position(shape, position) == where


@pytest.mark.parametrize(("kind", "reduce"), [("max", np.max), ("average", np.mean)])
def test_padding_of_a_pooling_never_counts_on_negative_maps(kind, reduce):
    """A convolution with bias −1 and no activation: in the corner, without ink, every value inside is −1."""
    image = activations.as_input(mnist.sample("test", 0).image)
    spec = Pooling(kind, (3, 3), (2, 2), "same")
    conv, pool = activations.run((Conv2D(bias=-1.0), spec), image)
    axes = spec.axes(pool.inputs.shape)
    corner = (pool.outputs.shape[0] - 1, pool.outputs.shape[1] - 1, 0)
    assert pool.outputs[corner] == -1 == steps.pooling(pool.inputs, kind, axes, corner).total
    assert not steps.window(pool.inputs, axes, *corner[:2]).inside.all()
    for row, column, channel in np.ndindex(pool.outputs.shape):
        inside = conv.outputs[2 * row : 2 * row + 3, 2 * column : 2 * column + 3, channel]
        assert pool.outputs[row, column, channel] == pytest.approx(reduce(inside), abs=1e-5)


def test_steps_explain_a_whole_small_picture():
    """All cells at once, against Keras on a picture a person can check."""
    picture = np.arange(9, dtype=np.float32).reshape(3, 3, 1)
    layer = keras.layers.MaxPool2D(2, strides=2, padding="same")
    np.testing.assert_array_equal(np.asarray(layer(picture[np.newaxis]))[0, ..., 0], [[4, 5], [7, 8]])
    axes = (Axis(3, 2, 2, "same"), Axis(3, 2, 2, "same"))
    np.testing.assert_array_equal(steps.winners(picture, axes)[..., 0], [[4, 5], [7, 8]])
    assert steps.pooling(picture, "average", axes, (1, 1, 0)).total == 8
    assert steps.pooling(picture, "average", axes, (0, 1, 0)).total == 3.5
