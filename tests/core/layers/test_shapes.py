"""One axis at a time, held to what TensorFlow and Keras really give for the same numbers."""

import math

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from core.layers.shapes import PADDINGS, Axis


def quick(examples):
    return settings(deadline=None, derandomize=True, max_examples=examples)


@st.composite
def axes(draw, both=False):
    """An axis; TensorFlow knows strides or dilation, not both, so without `both` one of them is 1."""
    stride, dilation = draw(st.integers(1, 8)), draw(st.integers(1, 5))
    if not both:
        stride, dilation = draw(st.sampled_from([(stride, 1), (1, dilation)]))
    size, kernel = draw(st.integers(1, 30)), draw(st.integers(1, 11))
    return Axis(size, kernel, stride, draw(st.sampled_from(PADDINGS)), dilation)


def evaluated(formula):
    """The two sides of a formula as numbers: the left one worked out, the right one as written."""
    left, right = formula.replace("−", "-").split(" = ")
    left = left.replace("⌊", "floor(").replace("⌋", ")").replace("·", "*")
    return eval(left, {"floor": math.floor}), int(right)


def keras_shape(make, shape):
    """The shape that a layer's output has, or None where Keras refuses, be it to make it or to call it."""
    try:
        return tuple(make()(np.ones((1, *shape), np.float32)).shape[1:])
    except (ValueError, tf.errors.InvalidArgumentError, tf.errors.AbortedError):
        return None


def seen(axis, along):
    """float (pixels, cells): the kernel's value with which each output cell of a real Conv2D reads each pixel.

    Every pixel in turn is the only one that is not 0; the kernel is 1, 2, 3, … so that no two taps are alike.
    """

    def two(value, other):
        return (value, other) if along == "height" else (other, value)

    layer = keras.layers.Conv2D(
        1,
        two(axis.kernel, 1),
        strides=two(axis.stride, 1),
        padding=axis.padding,
        dilation_rate=two(axis.dilation, 1),
        use_bias=False,
    )
    pictures = np.eye(axis.size, dtype=np.float32).reshape(axis.size, *two(axis.size, 1), 1)
    layer.build(pictures.shape)
    taps = np.arange(1, axis.kernel + 1, dtype=np.float32)
    layer.set_weights([taps.reshape(*two(axis.kernel, 1), 1, 1)])
    return np.asarray(layer(pictures)).reshape(axis.size, -1)


# The newest Keras for Python 3.10 is 3.12: it lets a 1 × 2 kernel over a 1 × 1 input, and gives one number for it.
@pytest.mark.skipif(
    tuple(map(int, keras.__version__.split(".")[:2])) < (3, 13), reason="Keras 3.12 accepts kernels that do not fit"
)
@given(height=axes(), width=axes())
@quick(100)
def test_output_is_the_size_that_a_keras_convolution_has(height, width):
    # one padding for both axes, and strides or dilation for both, as a layer has it
    if max(height.stride, width.stride) > 1 and max(height.dilation, width.dilation) > 1:
        height, width = (Axis(a.size, a.kernel, a.stride, a.padding) for a in (height, width))
    height, width = (Axis(a.size, a.kernel, a.stride, height.padding, a.dilation) for a in (height, width))

    def make():
        return keras.layers.Conv2D(
            2,
            (height.kernel, width.kernel),
            strides=(height.stride, width.stride),
            padding=height.padding,
            dilation_rate=(height.dilation, width.dilation),
        )

    fits = height.output > 0 and width.output > 0
    expected = (height.output, width.output, 2) if fits else None
    assert keras_shape(make, (height.size, width.size, 1)) == expected


@given(axes())
@quick(120)
def test_output_is_the_size_that_tensorflow_gives(axis):
    if axis.output < 1:
        return
    picture = tf.ones((1, axis.size, 1, 1))
    options = {"strides": (axis.stride, 1), "padding": axis.padding.upper(), "dilations": (axis.dilation, 1)}
    assert tf.nn.convolution(picture, tf.ones((axis.kernel, 1, 1, 1)), **options).shape[1] == axis.output
    if axis.dilation == 1:
        del options["dilations"]
        assert tf.nn.max_pool2d(picture, (axis.kernel, 1), **options).shape[1] == axis.output
    elif axis.padding == "valid":  # pooling knows no other with dilation
        assert tf.nn.pool(picture, (axis.kernel, 1), "MAX", **options).shape[1] == axis.output


@given(axes())
@quick(80)
def test_output_is_the_size_that_keras_pooling_has(axis):
    axis = Axis(axis.size, axis.kernel, axis.stride, axis.padding)
    pool = {"pool_size": (axis.kernel, 1), "strides": (axis.stride, 1), "padding": axis.padding}
    if axis.output > 0:
        for make in (keras.layers.MaxPool2D, keras.layers.AveragePooling2D):
            assert keras_shape(lambda make=make: make(**pool), (axis.size, 1, 1)) == (axis.output, 1, 1)


@pytest.mark.parametrize("along", ["height", "width"])
@given(axis=axes())
@quick(120)
def test_every_cell_reads_the_pixels_of_its_window_with_the_taps_in_order(along, axis):
    if axis.output < 1:
        return
    expected = np.zeros((axis.size, axis.output), np.float32)
    for cell in range(axis.output):
        assert len(axis.window(cell)) == axis.kernel
        for tap, pixel in enumerate(axis.window(cell)):
            if 0 <= pixel < axis.size:
                expected[pixel, cell] = tap + 1
    np.testing.assert_array_equal(seen(axis, along), expected)


@given(axes(both=True))
@quick(300)
def test_the_formula_works_out_to_the_output(axis):
    left, right = evaluated(axis.formula())
    assert left == right == axis.output


@given(axes(both=True))
@quick(300)
def test_same_padding_is_the_one_that_tensorflow_documents(axis):
    """tf.nn.convolution: the padding depends on size mod stride, and the odd zero goes to the end."""
    axis = Axis(axis.size, axis.kernel, axis.stride, "same", axis.dilation)
    span = len(range(0, (axis.kernel - 1) * axis.dilation + 1))
    left_over = axis.size % axis.stride or axis.stride
    zeros = max(span - left_over, 0)
    assert (axis.extent, axis.pad_total) == (span, zeros)
    assert axis.pad_before == math.floor(zeros / 2)
    assert axis.pad_after == math.ceil(zeros / 2)
    assert axis.output == math.ceil(axis.size / axis.stride)


@given(axes(both=True))
@quick(300)
def test_valid_windows_are_all_those_that_fit_inside(axis):
    axis = Axis(axis.size, axis.kernel, axis.stride, "valid", axis.dilation)
    assert (axis.pad_before, axis.pad_after, axis.pad_total) == (0, 0, 0)
    fitting = []
    for start in range(0, axis.size, axis.stride):
        taps = [start + tap * axis.dilation for tap in range(axis.kernel)]
        if taps[-1] < axis.size:
            fitting.append(taps)
    assert max(axis.output, 0) == len(fitting)
    assert [list(axis.window(cell)) for cell in range(len(fitting))] == fitting


@pytest.mark.parametrize(
    ("axis", "formula"),
    [
        (Axis(28, 3, 2, "same"), "⌊(28 + 0 + 1 − 3) / 2⌋ + 1 = 14"),
        (Axis(29, 3, 2, "same"), "⌊(29 + 2·1 − 3) / 2⌋ + 1 = 15"),
        (Axis(28, 3, 1, "same"), "⌊(28 + 2·1 − 3) / 1⌋ + 1 = 28"),
        (Axis(28, 3, 1, "valid"), "⌊(28 − 3) / 1⌋ + 1 = 26"),
        (Axis(28, 2, 1, "same"), "⌊(28 + 0 + 1 − 2) / 1⌋ + 1 = 28"),
        (Axis(28, 3, 1, "valid", 4), "⌊(28 − (4·(3 − 1) + 1)) / 1⌋ + 1 = 20"),
        (Axis(28, 3, 1, "same", 4), "⌊(28 + 2·4 − (4·(3 − 1) + 1)) / 1⌋ + 1 = 28"),
        (Axis(28, 1, 3, "same"), "⌊(28 + 0 − 1) / 3⌋ + 1 = 10"),
        (Axis(3, 5, 1, "valid"), "⌊(3 − 5) / 1⌋ + 1 = -1"),
    ],
)
def test_the_formula_reads_like_the_textbook(axis, formula):
    assert axis.formula() == formula
    assert evaluated(formula)[0] == evaluated(formula)[1]
