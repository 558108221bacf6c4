"""A kernel of one pixel with strides: the same numbers as Keras gives, and never by oneDNN's faulty gradient."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.layers import every_other
from core.layers.kinds import Conv2D
from core.network import saved
from core.network.network import Network


def tape(layer, images, up):
    """Output, and the gradients of sum(output × up) for images and kernel."""
    with tf.GradientTape() as recorded:
        recorded.watch(images)
        output = layer(images)
        total = tf.reduce_sum(output * up)
    return output, *recorded.gradient(total, [images, layer.kernel])


@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize(("strides", "channels"), [((2, 2), 1), ((3, 1), 4), ((1, 4), 16), ((5, 2), 3)])
def test_output_and_gradients_are_those_of_the_pixels_that_it_looks_at(strides, channels, padding):
    rng = np.random.default_rng(0)
    layer = Conv2D(6, kernel_size=(1, 1), strides=strides, padding=padding, use_bias=False).build()
    images = rng.normal(size=(2, 13, 9, channels)).astype(np.float32)
    looked_at = images[:, :: strides[0], :: strides[1]]
    up = rng.normal(size=(*looked_at.shape[:3], 6)).astype(np.float32)
    output, to_images, to_kernel = tape(layer, tf.constant(images), tf.constant(up))
    kernel = layer.kernel.numpy()[0, 0]
    wanted = np.zeros_like(images)
    wanted[:, :: strides[0], :: strides[1]] = up @ kernel.T
    np.testing.assert_allclose(output, looked_at @ kernel, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(to_images, wanted, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(to_kernel[0, 0], np.einsum("nhwc,nhwf->cf", looked_at, up), rtol=1e-4, atol=1e-4)


def of_gradients(layer):
    """Strides of each operation that computes a convolution or its gradients."""
    images = tf.zeros((1, 9, 9, 3))
    layer(images)
    graph = tf.function(lambda: tape(layer, images, 1.0)).get_concrete_function().graph
    return [
        operation.get_attr("strides")[1:3]
        for operation in graph.get_operations()
        if operation.type.startswith("Conv2D")
    ]


def test_no_convolution_with_a_kernel_of_one_pixel_and_strides_is_left_to_onednn():
    strides = of_gradients(Conv2D(6, kernel_size=(1, 1), strides=(2, 3)).build())
    assert len(strides) >= 2 and all(each == [1, 1] for each in strides)
    assert of_gradients(Conv2D(6, kernel_size=(2, 1), strides=(2, 3)).build())[0] == [2, 3]


@pytest.mark.parametrize("make", [lambda: Conv2D().build(), lambda: saved.load(saved.FILE)])
def test_a_layer_of_ours_and_one_from_a_file_do_so(make, monkeypatch):
    every_other.first()
    convolution = keras.layers.Conv2D.convolution_op
    monkeypatch.setattr(keras.layers.Conv2D, "convolution_op", convolution.__wrapped__)
    make()
    assert hasattr(keras.layers.Conv2D.convolution_op, "__wrapped__")


def test_who_takes_the_code_elsewhere_is_told():
    told = Network((("conv", Conv2D(6, kernel_size=(1, 1), strides=(2, 1))),), "told")
    lines = told.definition().splitlines()
    before = lines[: next(number for number, line in enumerate(lines) if "layers.Conv2D(" in line)]
    assert "TF_ENABLE_ONEDNN_OPTS=0" in " ".join(before[-2:]) and before[-1].startswith("# ")
    for layer in (Conv2D(6, kernel_size=(1, 1)), Conv2D(6, kernel_size=(2, 1), strides=(2, 2))):
        assert "#" not in Network((("conv", layer),), "others").definition()
