"""The nearest layer that fits: it has no problem, it changes what it must and no more."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.layers import kernels
from core.layers.kinds import Conv2D, Dense, Dropout, Flatten, Pooling
from core.network import activations

pairs = st.tuples(st.integers(1, 9), st.integers(1, 9))
shapes = st.tuples(st.integers(1, 13), st.integers(1, 13), st.integers(1, 3))
paddings = st.sampled_from(["valid", "same"])
convolutions = st.builds(
    Conv2D, kernel_size=pairs, strides=st.just((1, 1)) | pairs, padding=paddings, dilation_rate=st.just((1, 1)) | pairs
)
poolings = st.builds(Pooling, st.sampled_from(["max", "average"]), pairs, pairs, paddings)


def quick(examples):
    return settings(deadline=None, derandomize=True, max_examples=examples)


def changed(before, after):
    return {field.name for field in fields(before) if getattr(before, field.name) != getattr(after, field.name)}


@given(st.one_of(convolutions, poolings), shapes)
@quick(400)
def test_a_mended_layer_has_no_problem_and_one_without_stays_as_it_is(layer, shape):
    mended = layer.mended(shape)
    assert mended.problem(shape) is None
    assert min(mended.output_shape(shape)) > 0
    if layer.problem(shape) is None:
        assert mended == layer
    assert changed(layer, mended) <= {"kernel_size", "pool_size", "dilation_rate", "strides"}


@given(convolutions, shapes)
@quick(300)
def test_a_convolution_gives_up_no_more_than_it_must(layer, shape):
    mended = layer.mended(shape)
    clash = max(layer.strides) > 1 and max(layer.dilation_rate) > 1
    assert all(small <= large for small, large in zip(mended.kernel_size, layer.kernel_size, strict=True))
    for i in (0, 1):
        dilation = 1 if clash else layer.dilation_rate[i]
        if layer.kernel_size[i] <= shape[i] or layer.padding == "same":
            assert mended.kernel_size[i] == layer.kernel_size[i]
        else:
            assert mended.kernel_size[i] == shape[i]
        # one more would be too many; the distance between the taps of a single one says nothing
        if mended.dilation_rate[i] < dilation and mended.kernel_size[i] > 1:
            rates = list(mended.dilation_rate)
            rates[i] += 1
            assert replace(mended, dilation_rate=tuple(rates)).problem(shape)


@given(poolings, shapes)
@quick(200)
def test_a_pooling_gets_the_largest_window_that_fits(layer, shape):
    mended = layer.mended(shape)
    for i in (0, 1):
        largest = layer.pool_size[i] if layer.padding == "same" else min(layer.pool_size[i], shape[i])
        assert mended.pool_size[i] == largest


def test_strides_and_dilation_that_exclude_each_other_leave_the_strides():
    layer = Conv2D(strides=(2, 1), dilation_rate=(1, 3))
    assert layer.mended((28, 28, 1)) == replace(layer, dilation_rate=(1, 1))


def test_a_chosen_kernel_is_cut_about_its_centre_and_keras_takes_it():
    wide = "9,9,9,9,9;9,1,2,3,9;9,4,5,6,9;9,7,8,9,9;9,9,9,9,9"
    layer = Conv2D(1, (5, 5), padding="valid", kernel=(wide,), biases=(0.5,), source="assets/some.keras")
    mended = layer.mended((3, 3, 1))
    assert mended.kernel == ("1,2,3;4,5,6;7,8,9",) and mended.kernel_size == (3, 3) and mended.source == ""
    result = activations.run_layer(mended, np.ones((3, 3, 1), np.float32))
    assert result.outputs.tolist() == [[[45.5]]]


@pytest.mark.parametrize("layer", [Conv2D(), Pooling(), Conv2D(strides=(2, 2), dilation_rate=(2, 2))])
def test_no_setting_helps_a_layer_of_maps_behind_flatten(layer):
    assert layer.mended((784,)) is None


def test_no_setting_helps_values_that_are_no_numbers():
    assert Conv2D(1, (1, 1), kernel=("one",)).mended((28, 28, 1)) is None
    assert Conv2D(1, (1, 1), kernel=(kernels.as_text(np.ones((1, 1))),), biases=(np.nan,)).mended((8, 8, 1)) is None


@pytest.mark.parametrize("layer", [Flatten(), Dense(3), Dropout()])
def test_what_takes_any_input_is_itself(layer):
    assert layer.mended((5, 4, 2)) is layer
