"""Kernels kept as float16 or int8: the shipped network reads the same digits, as Keras computes it with them; what they
take is known before; and what cannot be kept is refused."""

import numpy as np
import pytest
from hypothesis import given

from core.data import mnist
from core.live.bundle import NUMBERS, bundle, weight_bytes, weights_problem
from core.network import saved
from core.network.network import NetworkError
from core.network.presets import BASIC_CNN, PRESETS
from tests.core.live.test_bundle import SMALL, drawn, read, restored
from tests.core.network.test_any_network import fitting, quick

IMAGES = 1000


def rounded(network, weights, numbers):
    """Weights in Keras' order as the bundle keeps them; for networks whose arrays are kernels and biases."""
    kept = restored(read(bundle(network, weights, numbers).data)[1])
    return [
        kept[f"{number}.{name}"].reshape(shape)
        for number, stage in enumerate(network.stages())
        for name, shape in zip(
            stage.spec.weight_names(stage.input_shape), stage.spec.weight_shapes(stage.input_shape), strict=True
        )
    ]


@pytest.mark.parametrize(("numbers", "close"), [("float16", 0.0012), ("int8", 0.02)])
def test_the_shipped_network_answers_the_same_with_rounded_kernels(numbers, close):
    model, images = saved.load(saved.FILE), mnist.half("test").images[:IMAGES]
    expected = saved.predict(model, images)
    model.set_weights(rounded(PRESETS[BASIC_CNN], model.get_weights(), numbers))
    found = saved.predict(model, images)
    assert (found.argmax(axis=1) == expected.argmax(axis=1)).all()
    assert 0 < np.abs(found - expected).max() <= close


@given(fitting())
@quick(20)
def test_what_weights_take_is_known_before_there_are_any(network):
    for numbers in NUMBERS:
        known = weight_bytes(network, numbers)
        _, arrays = read(bundle(network, drawn(network), numbers).data)
        kept = sum(array.nbytes for name, array in arrays.items() if not name.endswith(".scale"))
        # a BatchNormalization comes down to two of its two to four arrays
        folded = sum(array.nbytes for name, array in arrays.items() if name.endswith((".factor", ".shift")))
        assert kept <= known <= kept + folded


def test_weights_that_are_no_numbers_are_refused_before_a_bundle_is_made():
    weights = drawn(SMALL)
    assert [weights_problem(weights, numbers) for numbers in NUMBERS] == [None, None, None]
    weights[0][0, 0, 0, 0] = np.inf
    assert weights_problem(weights, "float16") is None
    with pytest.raises(NetworkError) as raised:
        bundle(SMALL, weights, "int8")
    assert weights_problem(weights, "int8") == str(raised.value)
    weights[0][0, 0, 0, 0] = 0
    weights[1][0] = np.nan  # what has one axis stays float32
    assert weights_problem(weights, "int8") is None and bundle(SMALL, weights, "int8")
