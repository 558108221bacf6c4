"""What a page says of one layer of a finished network: where its weights started, and the code that reads them."""

from __future__ import annotations

import math

from core.network.network import Stage


def start_limit(kernel_shape: tuple[int, ...]) -> float:
    """Keras' `GlorotUniform` draws a kernel's first values evenly from minus this number to plus this number.

    kernel_shape: (height, width, channels, filters) of a Conv2D, or (features, units) of a Dense.
    """
    field = math.prod(kernel_shape[:-2])
    return math.sqrt(6 / (field * (kernel_shape[-2] + kernel_shape[-1])))


def layer_code(layer: Stage, file: str, split: str, index: int) -> str:
    """A script that reads the network in `file` and gives the layer's output `y` (1, …) and its `weights`.

    split, index: the digit of MNIST that it is given.
    """
    return "\n".join(
        [
            "import numpy as np",
            "import tensorflow as tf",
            "",
            'with np.load("assets/mnist.npz") as mnist:',
            f'    image = mnist["x_{split}"][{index}]  # uint8 (28, 28)',
            'x = image[np.newaxis, ..., np.newaxis].astype("float32") / 255  # (batch, height, width, channels)',
            "",
            f'model = tf.keras.models.load_model("{file}", compile=False)',
            f'layer = model.get_layer("{layer.name}")',
            "inside = tf.keras.Model(model.input, layer.output)  # the same network, ended after this layer",
            f"y = inside(x, training=False)  # {(1, *layer.output_shape)}",
            "weights = layer.get_weights()",
            "print(y.shape, [array.shape for array in weights])",
        ]
    )
