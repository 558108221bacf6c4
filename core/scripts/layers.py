"""The script of a layer page: the digit, every layer up to this one, and what comes out."""

from __future__ import annotations

from core.layers import Layer, Shape
from core.network.network import INPUT_SHAPE, Network


def as_code(network: Network, stage: str, split: str, index: int, scaled: bool = True) -> str:
    """A script that computes what the page of `stage` shows: `layer`, its input `x` and its output `y`.

    `split` is "train" or "test", `index` the position of the digit in that half of MNIST; scaled: see
    `core.network.activations.as_input`.
    """
    scaling = " / 255  # (batch, height, width, channels)" if scaled else "  # as stored: 0 to 255"
    lines = [
        "import numpy as np",
        "import tensorflow as tf",
        "",
        "# the same arrays as tf.keras.datasets.mnist.load_data(), without a download",
        'with np.load("assets/mnist.npz") as mnist:',
        f'    image = mnist["x_{split}"][{index}]  # uint8 (28, 28)',
        'x = image[np.newaxis, ..., np.newaxis].astype("float32")' + scaling,
    ]
    shape = INPUT_SHAPE
    for place, spec in enumerate(network.upto(stage)):
        lines += ["", *_stage_code(spec, shape, first=place == 0)]
        shape = spec.output_shape(shape)
    lines += ["", "print(y.shape, [weights.shape for weights in layer.get_weights()])"]
    return "\n".join(lines)


def _stage_code(spec: Layer, shape: Shape, first: bool) -> list[str]:
    lines = [] if first else ["x = y"]
    lines.append(f"layer = {spec.as_code()}")
    if setting := spec.weights_as_code(shape):
        lines.append(setting)
    more = "".join(f", {key}={value}" for key, value in spec.call_arguments().items())
    lines.append(f"y = layer(x{more})  # {(1, *spec.output_shape(shape))}")
    return lines
