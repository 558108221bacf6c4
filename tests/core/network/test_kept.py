"""A layer that was built for another setting gives what one gives that is built for this one."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.layers import kernels
from core.layers.kinds import KINDS, Conv2D, Dense, DepthwiseConv2D
from core.network import kept
from core.network.activations import run_layer
from tests.core.layers.strategies import layers_of


def of_its_own(spec, inputs):
    """What a Keras layer gives that nobody has used before."""
    layer = spec.build()
    layer.build((1, *inputs.shape))
    if (chosen := spec.weights(inputs.shape)) is not None:
        layer.set_weights(chosen)
    weights = layer.get_weights()
    return weights, np.asarray(layer(inputs[np.newaxis], **spec.call_arguments()))[0]


def same(spec, inputs):
    found, (weights, outputs) = run_layer(spec, inputs), of_its_own(spec, inputs)
    for mine, theirs in zip(found.weights, weights, strict=True):
        np.testing.assert_array_equal(mine, theirs)
    np.testing.assert_allclose(found.outputs, outputs, rtol=1e-5, atol=1e-5 * np.abs(outputs).max())
    assert not found.outputs.flags.writeable
    return found


def some(*shape):
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind().parameters((8,)) or kind().parameters((8, 8, 2))])
@settings(derandomize=True, max_examples=8)
@given(st.data())
def test_whatever_was_set_before(kind, data):
    inputs = some(8) if kind is Dense else some(8, 8, 2)
    spec = data.draw(layers_of(kind, most=4))
    if getattr(spec, "kernel", ()):
        spec = replace(spec, filters=len(spec.kernel), kernel_size=(3, 3), biases=())
    assume(spec.problem(inputs.shape) is None)
    same(spec, inputs)


@pytest.mark.parametrize("kind", [Conv2D, DepthwiseConv2D, Dense])
def test_one_layer_serves_what_differs_in_values_only(kind):
    inputs = some(5) if kind is Dense else some(6, 6, 3)
    kept._kept.cache_clear()
    plain = kind(bias=0.25)
    wanted = [plain, replace(plain, seed=7), replace(plain, bias=-1.5), plain]
    if kind is Conv2D:
        typed = kernels.as_text(kernels.PRESETS["sobel x"])
        wanted[2:2] = [replace(plain, kernel=(typed,) * plain.filters), replace(plain, kernel_initializer="he_normal")]
    found = [same(spec, inputs).outputs for spec in wanted]
    assert kept._kept.cache_info().currsize == 1
    np.testing.assert_array_equal(found[0], found[-1])
    assert all((one != other).any() for one, other in pairwise(found))


def test_what_is_large_is_not_kept():
    large = Dense(units=4096)
    inputs = some(100)
    assert kept.outputs(large, inputs) is None
    assert run_layer(large, inputs).outputs.shape == (4096,)


@pytest.mark.parametrize("kind", [Conv2D, DepthwiseConv2D, Dense])
def test_a_new_form_draws_its_weights_once(kind, monkeypatch):
    import keras

    drawn, draw = [], keras.initializers.GlorotUniform.__call__

    def counted(self, shape, dtype=None):
        drawn.append(shape)
        return draw(self, shape, dtype)

    monkeypatch.setattr(keras.initializers.GlorotUniform, "__call__", counted)
    kept._kept.cache_clear()
    kept._drawn.cache_clear()
    run_layer(kind(), some(5) if kind is Dense else some(6, 6, 3))
    assert len(drawn) == 1
