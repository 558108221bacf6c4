"""A bundle says what the layers say, holds their weights, and is the same bytes every time."""

import hashlib
import json
import math

import numpy as np
import pytest
from hypothesis import given

from core.layers.kinds import DepthwiseConv2D
from core.live.bundle import NUMBERS, bundle
from core.network import notation
from core.network.network import Network, NetworkError
from core.network.notation import parse
from tests.core.network.test_any_network import fitting, quick
from tests.toy_kind import UpSampling2D

SMALL = parse("Conv2D 3 3 strides 2 leaky_relu - BatchNormalization - MaxPool2D 2 - Flatten - Dense 10 softmax")


def drawn(network):
    """Weights that no two layers share, as large as trained ones."""
    rng = np.random.default_rng(3)
    return [
        rng.uniform(0.1, 1, shape).astype(np.float32)
        for stage in network.stages()
        for shape in stage.spec.weight_shapes(stage.input_shape)
    ]


def read(data):
    """Header and arrays of a frame."""
    length = int.from_bytes(data[:4], "little")
    header = json.loads(data[4 : 4 + length])
    arrays = {}
    for name, entry in header["arrays"].items():
        count = math.prod(entry["shape"])
        arrays[name] = np.frombuffer(data, entry["dtype"], count, 4 + length + entry["offset"]).reshape(entry["shape"])
    return header, arrays


def restored(arrays):
    """float32 arrays whatever they are kept as."""
    return {
        name: array.astype(np.float32) * (arrays.get(f"{name}.scale", np.float32(1)))
        for name, array in arrays.items()
        if not name.endswith(".scale")
    }


@given(fitting())
@quick(20)
def test_it_says_of_random_networks_what_their_layers_say(network):
    weights = drawn(network)
    made = bundle(network, weights)
    header, arrays = read(made.data)
    assert notation.parse(header["text"]) == network and header["title"] == network.title
    left = list(weights)
    for number, (entry, stage) in enumerate(zip(header["layers"], network.stages(), strict=True)):
        count = len(stage.spec.weight_shapes(stage.input_shape))
        said = stage.spec.arithmetic(stage.input_shape, left[:count])
        del left[:count]
        assert (entry["name"], entry["takes"], entry["function"]) == (stage.name, said.takes, said.function)
        assert (tuple(entry["input"]), tuple(entry["output"])) == (stage.input_shape, stage.output_shape)
        for axis, told in zip(said.window or (), entry["window"] or (), strict=True):
            assert told["output"] == axis.output and told["before"] == axis.pad_before
        for name, array in said.arrays.items():
            np.testing.assert_array_equal(arrays.pop(f"{number}.{name}"), array)
    assert not arrays and not left
    assert made.data == bundle(network, weights).data


def test_its_hash_is_that_of_its_bytes_and_changes_with_a_weight():
    weights = drawn(SMALL)
    one = bundle(SMALL, weights)
    assert one.hash == hashlib.sha256(one.data).hexdigest()
    weights[0] = weights[0] + np.float32(1e-6)
    assert bundle(SMALL, weights).hash != one.hash


def test_a_function_comes_with_its_number():
    header, _ = read(bundle(SMALL, drawn(SMALL)).data)
    assert [layer["parameter"] for layer in header["layers"]] == [0.2, None, None, None, None]


def test_float16_and_int8_keep_the_kernels_within_their_steps():
    network = parse("Conv2D 5 3 - DepthwiseConv2D 3 depth_multiplier 2 - Flatten - Dense 10")
    weights = drawn(network)
    weights[0][..., 2] = 0  # a filter without a largest weight
    sizes = {}
    exact = restored(read(bundle(network, weights).data)[1])
    for numbers in NUMBERS:
        made = bundle(network, weights, numbers)
        sizes[numbers] = len(made.data)
        for name, array in restored(read(made.data)[1]).items():
            if array.ndim == 1 or numbers == "float32":
                np.testing.assert_array_equal(array, exact[name])
            elif numbers == "float16":
                np.testing.assert_allclose(array, exact[name], rtol=2**-11)
            else:
                step = np.abs(exact[name]).max(axis=(0, 1, 2)) / 127
                assert (np.abs(array - exact[name]) <= 0.501 * step).all()
    kernels = 4 * sum(weight.size for weight in weights if weight.ndim > 1)
    assert sizes["float16"] < sizes["float32"] - 0.49 * kernels and sizes["int8"] < sizes["float32"] - 0.74 * kernels


def test_what_is_too_large_for_float16_stays_a_number():
    network = Network((("wide", DepthwiseConv2D()),))
    weights = [np.full((3, 3, 1, 1), 1e6, np.float32), np.zeros(1, np.float32)]
    assert read(bundle(network, weights, "float16").data)[1]["0.kernel"].max() == 65504


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda weights: weights[:-1], "those for dense are not"),
        (lambda weights: [*weights, weights[0]], "1 arrays are left over"),
        (lambda weights: [weights[0].T, *weights[1:]], "those for conv2d are not"),
    ],
)
def test_weights_of_another_network_are_refused(change, said):
    with pytest.raises(NetworkError, match=said):
        bundle(SMALL, change(drawn(SMALL)))


def test_what_cannot_be_is_refused_with_a_sentence():
    with pytest.raises(NetworkError, match="UpSampling2D does not yet"):
        bundle(Network((("more", UpSampling2D()),)), [])
    with pytest.raises(NetworkError, match="belongs before Flatten"):
        bundle(parse("Flatten - Conv2D 4 3"), [])
    with pytest.raises(ValueError, match="one of float32, float16, int8, not 'int4'"):
        bundle(SMALL, drawn(SMALL), "int4")
    weights = drawn(SMALL)
    weights[0][0, 0, 0, 0] = np.nan
    with pytest.raises(NetworkError, match="finite"):
        bundle(SMALL, weights, "int8")
