import itertools
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data import mnist
from core.data.preprocessing import AXES, OPERATIONS, RECOMMENDED, missing, remark, steps

ROOT = Path(__file__).resolve().parents[3]
orders = st.lists(st.sampled_from(sorted(OPERATIONS)), max_size=5).map(tuple)


def images(count=20):
    return mnist.load()["train"].images[:count]


def test_newaxis_is_the_same_in_both_libraries():
    assert tf.newaxis is None
    assert np.newaxis is None


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_operation_does_what_its_line_says(name):
    x = images(3)
    namespace = {"np": np, "tf": tf, "x": x}
    exec(OPERATIONS[name].code, namespace)
    (step,) = steps(x, (name,))
    np.testing.assert_array_equal(step.values, namespace["x"])
    assert step.values.dtype == namespace["x"].dtype
    assert step.code == OPERATIONS[name].code


def test_recommended_steps_make_what_the_network_expects():
    done = steps(images(), RECOMMENDED)
    assert missing(done[-1].after) == []
    assert all(step.note == "" for step in done)
    final = done[-1].after
    assert (final.shape, final.axes, final.dtype) == ((20, 28, 28, 1), AXES, "float32")
    assert (final.minimum, final.maximum) == (0.0, 1.0)


def test_a_single_image_needs_the_batch_axis():
    image = images()[0]
    (sentence,) = missing(steps(image, RECOMMENDED)[-1].after)
    assert sentence == (
        "The network expects the axes [batch, height, width, channel], these are [height, width, channel]."
    )
    for order in (("batch", *RECOMMENDED), (*RECOMMENDED, "batch")):
        done = steps(image, order)
        assert missing(done[-1].after) == []
        assert done[-1].after.shape == (1, 28, 28, 1)


@given(orders, st.booleans())
@settings(max_examples=60, deadline=None)
def test_facts_are_those_of_the_arrays(order, single):
    x = images(3)
    x = x[0] if single else x
    done = steps(x, order)
    assert [step.name for step in done] == list(order)
    for before, after in itertools.pairwise(done):
        assert before.after == after.before
    for step in done:
        facts = step.after
        assert facts.shape == step.values.shape
        assert len(facts.axes) == step.values.ndim
        assert facts.dtype == step.values.dtype.name
        assert (facts.minimum, facts.maximum) == (step.values.min(), step.values.max())
        assert facts.distinct == len(set(step.values.ravel().tolist()))
        assert facts.nbytes == step.values.nbytes
        assert not step.values.flags.writeable


def test_uint8_divided_by_255_becomes_float64():
    (step,) = steps(images(1), ("scale",))
    assert step.after.dtype == "float64"
    assert step.note == (
        "Dividing uint8 gave float64: 6,272 bytes, where float32 takes 3,136. A cast to float32 first saves half."
    )


def test_float64_is_ready_and_costs_memory():
    """The order of many tutorials: channel axis, then / 255., and no cast."""
    done = steps(images(4), ("newaxis", "scale"))[-1].after
    assert done.dtype == "float64" and missing(done) == []
    assert remark(done) == (
        "Keras takes float64 and casts it to float32 on the way in. Only memory is lost, 25,088 bytes where 12,544 "
        "would do, and the time of the cast."
    )
    assert remark(steps(images(4), RECOMMENDED)[-1].after) == ""


def keras_takes(x):
    """Whether a convolution that is called gives float32 for this array."""
    try:
        return tf.keras.layers.Conv2D(2, 3)(x).dtype == tf.float32
    except (TypeError, ValueError):
        return False


@pytest.mark.parametrize(
    "order",
    [
        ("newaxis",),
        ("newaxis", "floor"),
        ("newaxis", "scale"),
        ("newaxis", "scale", "uint8"),
        ("newaxis", "float32"),
        ("newaxis", "float32", "scale"),
        ("scale", "float32", "newaxis"),
        ("float32", "scale"),
        ("newaxis", "expand_dims", "scale"),
    ],
)
def test_a_dtype_or_axes_are_missing_exactly_where_keras_refuses_the_array(order):
    step = steps(images(2), order)[-1]
    # values beyond 1 are accepted by Keras: that they are not what the network expects is said all the same
    sentences = [sentence for sentence in missing(step.after) if "values from 0 to 1" not in sentence]
    assert (sentences == []) == keras_takes(step.values)


@pytest.mark.parametrize("order", [("newaxis",), ("newaxis", "scale"), RECOMMENDED])
def test_fit_evaluate_and_predict_cast_by_themselves(order):
    x = steps(images(4), order)[-1].values
    layers = tf.keras.layers
    model = tf.keras.Sequential([layers.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.fit(x, np.zeros(4), verbose=0)
    model.evaluate(x, np.zeros(4), verbose=0)
    assert model.predict(x, verbose=0).dtype == np.float32


def test_whole_number_division_leaves_zero_and_one():
    (step,) = steps(images(), ("floor",))
    assert sorted(np.unique(step.values)) == [0, 1]
    before = len(np.unique(images()))
    assert step.note == f"Only 2 of {before} different values are left, the rest was cut off."


def test_casting_to_uint8_after_scaling_leaves_zero_and_one():
    step = steps(images(), ("float32", "scale", "uint8"))[-1]
    assert sorted(np.unique(step.values)) == [0, 1]
    assert step.note.startswith("Only 2 of ")


def test_casting_to_uint8_before_scaling_changes_nothing():
    step = steps(images(), ("float32", "uint8"))[-1]
    np.testing.assert_array_equal(step.values, images())
    assert step.note == ""


def test_scaling_twice_is_noticed():
    step = steps(images(), ("float32", "scale", "scale"))[-1]
    assert step.note == "The values were no larger than 1 before this step, now 0.00392157."


def test_an_axis_too_many_is_noticed():
    step = steps(images(2), ("newaxis", "expand_dims"))[-1]
    assert step.note == "There is such an axis already: the array now has 5 axes."
    assert missing(step.after)


def test_the_two_ways_to_a_channel_axis_agree():
    one, two = (steps(images(2), (name,))[0] for name in ("newaxis", "expand_dims"))
    np.testing.assert_array_equal(one.values, two.values)
    assert one.after == two.after


def test_scaled_values_round_to_the_same_float32_in_either_order():
    early = steps(images(), ("float32", "scale"))[-1].values
    late = steps(images(), ("scale", "float32"))[-1].values
    np.testing.assert_array_equal(early, late)


@pytest.mark.parametrize(
    ("shape", "order", "sentence"),
    [
        ((2, 28, 28), ("normalise",), f"A step must be one of {', '.join(OPERATIONS)}, not 'normalise'."),
        ((2, 28, 28), ("scale",) * 8, "At most 7 steps can follow each other, these are 8."),
        ((784,), (), "Images must have the shape (28, 28) or (n, 28, 28), not (784,)."),
        ((0, 28, 28), (), "From 1 to 1000 images can be shown step by step, not 0."),
        ((1001, 28, 28), (), "From 1 to 1000 images can be shown step by step, not 1001."),
    ],
)
def test_each_problem_has_its_sentence(shape, order, sentence):
    with pytest.raises(ValueError) as caught:
        steps(np.zeros(shape, np.uint8), order)
    assert str(caught.value) == sentence
