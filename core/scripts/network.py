"""What a page says of one layer of a finished network: where its weights started, and the code that reads them."""

from __future__ import annotations

import math

from core.layers.layer import Layer
from core.network.network import Stage
from core.scripts.parts import TENSORFLOW, Part, as_input, script
from words import _


def start_limit(kernel_shape: tuple[int, ...]) -> float:
    """Keras' `GlorotUniform` draws a kernel's first values evenly from minus this number to plus this number.

    kernel_shape: (height, width, channels, filters) of a Conv2D, or (features, units) of a Dense.
    """
    field = math.prod(kernel_shape[:-2])
    return math.sqrt(6 / (field * (kernel_shape[-2] + kernel_shape[-1])))


def layer_code(layer: Stage, model: Part, image: Part, scaled: bool = True, seen: Layer | None = None) -> str:
    """A script that gives the layer's output `y` (1, …) and its `weights`.

    model: the part that leaves the network as `model`; image: the part that leaves the digit's `image`, see
    `core.scripts.parts`; scaled: see `core.network.activations.as_input`; seen: the layer as it is called, where that
    is not how the network calls it.
    """
    lines = _inside(layer) if seen is None or seen == layer.spec else _called(layer, seen)
    inside = Part("\n".join(lines), (TENSORFLOW,))
    return script(image + as_input(scaled), model + inside)


def _inside(layer: Stage) -> list[str]:
    ended = _("the same network, ended after this layer")
    return [
        f'layer = model.get_layer("{layer.name}")',
        f"inside = tf.keras.Model(model.input, layer.output)  # {ended}",
        f"y = inside(x, training=False)  # {(1, *layer.spec.output_shape(layer.input_shape))}",
        "weights = layer.get_weights()",
        "print(y.shape, [array.shape for array in weights])",
    ]


def _called(layer: Stage, seen: Layer) -> list[str]:
    """The same layer, outside of the network and called in another way."""
    learned = ["layer.build(x.shape)", "layer.set_weights(weights)"] if layer.parameters else []
    more = "".join(f", {key}={value}" for key, value in seen.call_arguments().items())
    ended = _("ended before this layer")
    return [
        f'inside = tf.keras.Model(model.input, model.get_layer("{layer.name}").input)  # {ended}',
        "x = inside(x, training=False)",
        f'weights = model.get_layer("{layer.name}").get_weights()',
        f"layer = {seen.as_code()}",
        *learned,
        f"y = layer(x{more})  # {(1, *layer.spec.output_shape(layer.input_shape))}",
        "print(y.shape, [array.shape for array in weights])",
    ]
