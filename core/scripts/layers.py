"""The script of a layer page: the digit, every layer up to this one, and what comes out."""

from __future__ import annotations

from core.layers.layer import Layer, Shape
from core.network.network import INPUT_SHAPE, Network
from core.scripts.parts import TENSORFLOW, Part, as_input, script


def as_code(network: Network, stage: str, image: Part, scaled: bool = True) -> str:
    """A script that computes what the page of `stage` shows: `layer`, its input `x` and its output `y`.

    image: the part that leaves the digit's `image`, see `core.scripts.parts`; scaled: see
    `core.network.activations.as_input`.
    """
    parts, shape = [image + as_input(scaled)], INPUT_SHAPE
    for place, spec in enumerate(network.upto(stage)):
        parts.append(_stage(spec, shape, first=place == 0))
        shape = spec.output_shape(shape)
    return script(*parts, Part("print(y.shape, [weights.shape for weights in layer.get_weights()])"))


def _stage(spec: Layer, shape: Shape, first: bool) -> Part:
    lines = [] if first else ["x = y"]
    lines.append(f"layer = {spec.as_code()}")
    if setting := spec.weights_as_code(shape):
        lines += ["layer.build(x.shape)", setting]
    more = "".join(f", {key}={value}" for key, value in spec.call_arguments().items())
    lines.append(f"y = layer(x{more})  # {(1, *spec.output_shape(shape))}")
    return Part("\n".join(lines), (TENSORFLOW,))
