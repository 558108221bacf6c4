"""SGD and Adam in numpy against `keras.optimizers`, over several steps and gradients of any size."""

import inspect

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.training import update_rules
from core.training.optimizers import OPTIMIZERS
from core.training.update_rules import AdamChange, Moments

# zero and near it too: there it shows where Keras adds its epsilon
GRADIENTS = st.one_of(
    st.just(0.0),
    st.builds(lambda sign, power: sign * 10.0**power, st.sampled_from([-1, 1]), st.floats(-10, 3)),
)
quick = settings(derandomize=True, max_examples=50)


def test_the_numbers_of_adam_are_those_of_keras():
    defaults = {name: each.default for name, each in inspect.signature(keras.optimizers.Adam).parameters.items()}
    assert defaults["beta_1"] == update_rules.BETA_1
    assert defaults["beta_2"] == update_rules.BETA_2
    assert defaults["epsilon"] == update_rules.EPSILON
    assert set(update_rules.RULES) <= set(OPTIMIZERS)


def by_keras(optimizer, start, gradients):
    weight = keras.Variable(np.array([start], np.float32))
    found = []
    for gradient in gradients:
        optimizer.apply([np.array([gradient], np.float32)], [weight])
        found.append(float(weight.numpy()[0]))
    return found


@given(st.floats(-2, 2), GRADIENTS, st.floats(1e-5, 1))
@quick
def test_sgd(weight, gradient, rate):
    (found,) = by_keras(keras.optimizers.SGD(rate), weight, [gradient])
    assert update_rules.sgd(weight, gradient, rate) == pytest.approx(found, rel=1e-5, abs=1e-6)


@given(st.lists(GRADIENTS, min_size=1, max_size=4), st.floats(1e-5, 1))
@quick
def test_adam(gradients, rate):
    """From 0, where nothing of a small step is rounded away."""
    found = by_keras(keras.optimizers.Adam(rate), 0.0, gradients)
    weight, moments = 0.0, Moments(0.0, 0.0)
    for step, (gradient, expected) in enumerate(zip(gradients, found, strict=True), 1):
        moments = moments.next(gradient)
        change = AdamChange(moments, step, rate)
        weight -= change.amount
        assert weight == pytest.approx(expected, rel=1e-3, abs=1e-6 * rate)
        in_hats = rate * change.m_hat / (np.sqrt(change.v_hat) + change.epsilon)
        assert change.amount == pytest.approx(in_hats, rel=1e-9)


def test_where_epsilon_stands():
    """With a gradient as small as it, Keras' first step is not the rate, nor what epsilon beside √v̂ would give."""
    (found,) = by_keras(keras.optimizers.Adam(0.01), 0.0, [1e-7])
    change = AdamChange(Moments(0.0, 0.0).next(1e-7), 1, 0.01)
    assert -change.amount == pytest.approx(found, rel=1e-4)
    assert change.epsilon == pytest.approx(1e-7 / np.sqrt(0.001))
    beside_v_hat = 0.01 * change.m_hat / (np.sqrt(change.v_hat) + update_rules.EPSILON)
    assert abs(beside_v_hat) > 10 * abs(found)


def test_arrays_keep_their_dtype():
    gradient = np.ones(3, np.float32)
    moments = Moments(np.zeros_like(gradient), np.zeros_like(gradient)).next(gradient)
    assert moments.m.dtype == moments.v.dtype == AdamChange(moments, 1, 0.1).amount.dtype == np.float32
    assert update_rules.sgd(gradient, gradient, 0.1).dtype == np.float32
