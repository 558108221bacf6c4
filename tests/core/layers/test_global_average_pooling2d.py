"""GlobalAveragePooling2D against Keras, and what it does to a network: any size of maps, and few weights."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.layers.global_average_pooling2d import global_average
from core.layers.kinds import Dense, GlobalAveragePooling2D, Pooling
from core.network import activations
from core.network.notation import as_text, parse

shapes = st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(1, 5))


@settings(deadline=None, derandomize=True, max_examples=40)
@given(shapes, st.integers(0, 99))
def test_every_mean_is_the_one_that_keras_computed(shape, seed):
    inputs = np.random.default_rng(seed).normal(size=shape).astype(np.float32)
    outputs = activations.run_layer(GlobalAveragePooling2D(), inputs).outputs
    assert outputs.shape == GlobalAveragePooling2D().output_shape(shape) == shape[-1:]
    for channel in range(shape[-1]):
        step = global_average(inputs, channel)
        np.testing.assert_array_equal(step.values, inputs[..., channel])
        assert step.count == shape[0] * shape[1] and step.sum == pytest.approx(
            float(inputs[..., channel].sum()), abs=1e-5
        )
        assert step.total == step.sum / step.count == pytest.approx(float(outputs[channel]), abs=1e-5)


def test_it_is_an_average_pooling_whose_window_is_the_whole_map():
    inputs = np.random.default_rng(0).normal(size=(6, 5, 3)).astype(np.float32)
    pooled = activations.run_layer(Pooling("average", (6, 5), (6, 5)), inputs).outputs
    np.testing.assert_allclose(activations.run_layer(GlobalAveragePooling2D(), inputs).outputs, pooled[0, 0], atol=1e-6)


def test_what_is_no_map_is_refused_in_words():
    assert GlobalAveragePooling2D().problem((7,)).startswith("GlobalAveragePooling2D expects maps")
    assert parse("Flatten - GlobalAveragePooling2D").problem().endswith("it belongs before Flatten.")


def test_behind_it_a_dense_layer_needs_far_fewer_weights():
    assert parse("globalavgpool2d") == parse("GlobalAveragePooling2D")
    few, many = (parse(f"Conv2D 16 3 relu - {end} - Dense 10 softmax") for end in ("GlobalAveragePooling2D", "Flatten"))
    assert as_text(few) == "Conv2D 16 3 relu - GlobalAveragePooling2D - Dense 10 softmax"
    assert isinstance(few["dense"], Dense)
    assert [network.parameter_count() for network in (few, many)] == [160 + 170, 160 + 26 * 26 * 16 * 10 + 10]
