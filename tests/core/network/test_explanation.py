"""Explanations against oracles: finite differences, a naive loop, Grad-CAM worked out by hand from the weights."""

import keras
import numpy as np
import pytest

from core.data import mnist
from core.network import saved
from core.network.explanation import (
    ExplanationError,
    certainty,
    cover,
    grad_cam,
    gradient,
    map_layers,
    occlusion,
    saliency,
    smooth_saliency,
)
from core.network.notation import parse
from core.network.presets import Blocks

IMAGE = mnist.sample("test", 0).image


@pytest.fixture(scope="module")
def tiny():
    """tanh: smooth, so that finite differences are near the gradient everywhere."""
    return Blocks((4, 3), 1, 3, "tanh", 6, 0.25).network(3).build()


def logits(model, images):
    upto = keras.Model(model.input, model.get_layer("output").output)
    return np.asarray(upto(saved.as_batch(images), training=False))


@pytest.mark.parametrize("digit", [0, 7])
def test_saliency_is_the_finite_difference_of_the_logit(digit, keras_seed):
    # no maximum anywhere: where two pixels tie for it, there is no gradient to compare with
    keras_seed(2)
    inputs = keras.Input((28, 28, 1))
    x = keras.layers.Conv2D(3, 5, strides=2, activation="tanh")(inputs)
    x = keras.layers.AveragePooling2D(2)(x)
    x = keras.layers.Dense(10, name="output")(keras.layers.Flatten()(x))
    model = keras.Model(inputs, keras.layers.Softmax()(x))
    found = gradient(model, IMAGE, digit)
    plain = IMAGE.astype(np.float32) / 255
    for row, column in [(7, 9), (14, 14), (20, 11), (0, 0), (27, 27)]:
        step = np.zeros_like(plain)
        step[row, column] = 0.01
        more, less = logits(model, np.stack([plain + step, plain - step]))[:, digit]
        assert found[row, column] == pytest.approx((more - less) / 0.02, abs=1e-4)
    np.testing.assert_allclose(saliency(model, IMAGE, digit), np.abs(found), rtol=1e-5, atol=1e-7)


def test_smoothgrad_is_the_mean_over_noisy_copies(tiny):
    noise = np.random.default_rng(5).normal(0, 0.2, (60, 28, 28, 1)).astype(np.float32)
    each = [gradient(tiny, (IMAGE / np.float32(255) + copy[..., 0]), 4) for copy in noise]
    found = smooth_saliency(tiny, IMAGE, 4, copies=60, sigma=0.2, seed=5)
    np.testing.assert_allclose(found, np.abs(np.mean(each, axis=0)), atol=1e-6)
    again, other = (smooth_saliency(tiny, IMAGE, 4, copies=60, sigma=0.2, seed=seed) for seed in (5, 6))
    np.testing.assert_allclose(again, found, atol=1e-7)
    assert np.abs(other - found).max() > 1e-4
    np.testing.assert_allclose(smooth_saliency(tiny, IMAGE, 4, copies=3, sigma=0), saliency(tiny, IMAGE, 4), atol=1e-7)


@pytest.mark.parametrize(("patch", "stride", "fill"), [(6, 5, 0.0), (9, 9, 0.5), (3, 7, 1.0), (28, 1, 0.0)])
def test_occlusion_is_what_a_naive_loop_finds(tiny, patch, stride, fill):
    found = occlusion(tiny, IMAGE, 7, patch, stride, fill)
    tops = sorted({*range(0, 29 - patch, stride), 28 - patch})
    np.testing.assert_array_equal(found.tops, tops)
    np.testing.assert_array_equal(found.lefts, tops)
    before = saved.predict(tiny, IMAGE)[0, 7]
    drops = {}
    for i, top in enumerate(tops):
        for j, left in enumerate(tops):
            covered = IMAGE.astype(np.float32) / 255
            covered[top : top + patch, left : left + patch] = fill
            np.testing.assert_array_equal(cover(IMAGE, top, left, patch, fill), covered)
            after = saved.predict(tiny, covered)[0, 7]
            assert found.probabilities[i, j] == pytest.approx(after, abs=1e-6)
            for row in range(top, top + patch):
                for column in range(left, left + patch):
                    drops.setdefault((row, column), []).append(before - after)
    wanted = [[np.mean(drops.get((row, column), 0)) for column in range(28)] for row in range(28)]
    np.testing.assert_allclose(found.drop, wanted, atol=1e-6)


def by_hand(softmax: str):
    """One convolution, whose maps a Dense weighs pixel by pixel: the gradient is that weight where ReLU is open."""
    inputs = keras.Input((28, 28, 1))
    x = keras.layers.Conv2D(3, 3, padding="same", activation="relu", name="conv", kernel_initializer="he_normal")(
        inputs
    )
    x = keras.layers.Flatten()(x)
    if softmax == "in the Dense":
        return keras.Model(inputs, keras.layers.Dense(10, "softmax", name="last")(x))
    x = keras.layers.Dense(10, name="last")(x)
    ends = {"a layer": keras.layers.Softmax(), "an activation": keras.layers.Activation("softmax")}
    return keras.Model(inputs, ends[softmax](x) if softmax in ends else x)


@pytest.mark.parametrize("softmax", ["in the Dense", "a layer", "an activation", "none"])
def test_grad_cam_by_hand_from_the_weights(softmax, keras_seed):
    keras_seed(1)
    model = by_hand(softmax)
    maps = np.asarray(keras.Model(model.input, model.get_layer("conv").output)(saved.as_batch(IMAGE)))[0]
    weights = model.get_layer("last").get_weights()[0].reshape(28, 28, 3, 10)
    for digit in (0, 6):
        alpha = weights[..., digit].mean(axis=(0, 1))
        wanted = np.maximum((maps * alpha).sum(axis=-1), 0)
        np.testing.assert_allclose(grad_cam(model, IMAGE, "conv", digit), wanted, atol=1e-5)
        each = (maps * weights[..., digit]).sum(axis=-1)
        np.testing.assert_allclose(grad_cam(model, IMAGE, "conv", digit, by_place=True), np.maximum(each, 0), atol=1e-5)


def test_weights_that_change_are_seen():
    model = by_hand("in the Dense")
    before = gradient(model, IMAGE, 2)
    model.get_layer("last").set_weights([2 * array for array in model.get_layer("last").get_weights()])
    np.testing.assert_allclose(gradient(model, IMAGE, 2), 2 * before, rtol=1e-4, atol=1e-6)


def test_grad_cam_takes_maps_after_the_activation_and_enlarges_them():
    model = Blocks((4, 3), 1, 3, "relu", 6, 0.25).network(3).build()
    frozen = grad_cam(model, IMAGE, "block2_conv1", 7)
    assert frozen.shape == (28, 28) and frozen.dtype == np.float32 and frozen.min() >= 0
    model.trainable = False
    np.testing.assert_allclose(grad_cam(model, IMAGE, "block2_conv1", 7), frozen, rtol=1e-5, atol=1e-7)
    inside = keras.Model(model.input, model.get_layer("block1_activation1").output)
    maps = np.asarray(inside(saved.as_batch(IMAGE)))[0]
    heat = grad_cam(model, IMAGE, "block1_conv1", 7)
    assert heat[(maps == 0).all(axis=-1)].max(initial=0) == 0


@pytest.mark.parametrize(
    ("text", "layers"),
    [
        ("LeNet-5", ["c1", "c3", "c5"]),
        ("edges=Conv2D 3 3 same relu - Dropout 0.3 - Flatten - Dense 10 softmax", ["edges"]),
        ("Dense 4 - MaxPool2D 7 - Conv2D 5 2 - Flatten - Dense 10 sigmoid", ["dense", "conv2d"]),
        ("Conv2D 10 28 - Flatten - Activation softmax", ["conv2d"]),
    ],
)
def test_any_network_is_explained(text, layers):
    network = parse(text).seeded(4)
    model = network.build()
    assert map_layers(model) == [stage.name for stage in network.maps()] == layers
    for layer in layers:
        heat = grad_cam(model, IMAGE, layer, 3, by_place=True)
        assert heat.shape == (28, 28) and np.isfinite(heat).all() and heat.min() >= 0
    assert saliency(model, IMAGE, 3).any() and np.isfinite(occlusion(model, IMAGE, 3, 14, 7).drop).all()


def test_the_maps_of_a_layer_are_those_that_its_activation_lets_through():
    network = parse("Conv2D 3 3 - ReLU - Conv2D 2 3 - MaxPool2D - Activation tanh - Flatten - Dense 10 softmax")
    assert [network.activated(name) for name in ("conv2d", "conv2d_1", "dense")] == ["re_lu", "conv2d_1", "dense"]


def test_a_network_without_maps_says_what_else_there_is():
    model = parse("Flatten - Dense 4 relu - Dense 10 softmax").build()
    with pytest.raises(ExplanationError, match="and this network has none: saliency and occlusion need no maps"):
        map_layers(model)
    with pytest.raises(ExplanationError, match="this network has none"):
        grad_cam(model, IMAGE, "dense", 3)
    assert saliency(model, IMAGE, 3).any()


def test_the_shipped_network_looks_at_the_digit():
    model = saved.load_pretrained()
    assert map_layers(model) == ["block1_conv1", "block1_conv2", "block2_conv1", "block2_conv2"]
    near = IMAGE > 0
    for method in (saliency, smooth_saliency):
        heat = method(model, IMAGE, 7)
        assert heat[near].mean() > 1.5 * heat[~near].mean()


def test_certainty():
    sure = certainty(np.array([0, 0, 1, 0, 0, 0, 0, 0, 0, 0.0]))
    assert (sure.ranking[0], sure.margin, sure.entropy) == (2, 1, 0)
    even = certainty(np.full(10, 0.1))
    assert even.margin == 0 and even.entropy == pytest.approx(np.log2(10))
    assert list(certainty(np.array([0.2, 0.5, 0.3])).ranking) == [1, 2, 0]


@pytest.mark.parametrize("digit", [-1, 10, 1.5, "7", None, True])
@pytest.mark.parametrize(
    "method", [saliency, smooth_saliency, occlusion, lambda *a: grad_cam(*a[:2], "block1_conv1", a[2])]
)
def test_a_class_that_is_none(tiny, method, digit):
    with pytest.raises(ExplanationError, match="from 0 to 9, not"):
        method(tiny, IMAGE, digit)


@pytest.mark.parametrize("layer", ["dense", "flatten", "nothing", "block1_pool", ""])
def test_a_layer_that_is_no_convolution(tiny, layer):
    with pytest.raises(ExplanationError, match="block1_conv1 or block2_conv1, not"):
        grad_cam(tiny, IMAGE, layer, 3)


@pytest.mark.parametrize("options", [{"patch": 0}, {"patch": 29}, {"stride": 0}, {"fill": -0.1}, {"fill": 1.1}])
def test_a_patch_that_cannot_be(tiny, options):
    with pytest.raises(ExplanationError, match=r"must .* not"):
        occlusion(tiny, IMAGE, 3, **options)


@pytest.mark.parametrize("options", [{"copies": 0}, {"copies": 201}, {"sigma": -0.1}, {"sigma": 1.5}])
def test_noise_that_cannot_be(tiny, options):
    with pytest.raises(ExplanationError, match="must be from"):
        smooth_saliency(tiny, IMAGE, 3, **options)


def test_several_images_at_once(tiny):
    with pytest.raises(ExplanationError, match="One image"):
        saliency(tiny, np.zeros((2, 28, 28), np.uint8), 3)
