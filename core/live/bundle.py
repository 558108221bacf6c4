"""A network with its weights as one piece of bytes, from which a browser computes every layer's output.

A frame (core/storage/frames.py) whose header says

    title, text     the network's name, and the network as `core.network.notation` reads it
    numbers         how the kernels are kept, one of NUMBERS
    input           [28, 28, 1]
    layers          for each: name, title, input, output (shapes), and its arithmetic at rest in the words of
                    core/layers/arithmetic.py: takes, window (null, or height and width: size, kernel, stride, dilation,
                    before, output), all_channels, function, parameter
    about           what the caller adds: an accuracy, an epoch
    arrays          "0.kernel", "0.bias", … by the number of the layer

It holds no kind of layer: a new one takes part as soon as it says its arithmetic. The same network gives the same
bytes, so their hash is their address.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.layers.arithmetic import Arithmetic
from core.layers.kinds import Activation
from core.layers.shapes import Axis
from core.network import notation
from core.network.network import INPUT_SHAPE, Network, NetworkError, Stage
from core.storage import rounding
from core.storage.frames import frame
from words import _

# float16 halves a bundle and changes none of the shipped network's 10,000 answers; int8 quarters it and changes two
# (bench/live.py)
_BYTES = {"float32": 4, "float16": 2, "int8": 1}
NUMBERS = tuple(_BYTES)


@dataclass(frozen=True)
class Bundle:
    """A network as bytes."""

    data: bytes

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the bytes in hexadecimal: the address of just this network with just these weights."""
        return hashlib.sha256(self.data).hexdigest()


def bundle(
    network: Network,
    weights: Sequence[np.ndarray],
    numbers: str = "float32",
    about: Mapping[str, object] | None = None,
) -> Bundle:
    """The bundle of a network with `weights` in the order of `model.get_weights()`.

    numbers: "float32"; or for the kernels "float16", or "int8" with a scale (float32) for every filter. What has one
    axis is float32 in all of them. about: JSON values to go along.
    Raises NetworkError with one sentence where the network cannot be built, the weights are not its own, or a kind of
    layer does not say its arithmetic, and for weights that are no numbers as int8;
    ValueError for other `numbers`.
    """
    if numbers not in NUMBERS:
        raise ValueError(f"The numbers of a bundle must be one of {', '.join(NUMBERS)}, not {numbers!r}.")
    if problem := network.problem() or weights_problem(weights, numbers):
        raise NetworkError(problem)
    layers: list[dict[str, object]] = []
    arrays: dict[str, np.ndarray] = {}
    for number, (stage, own) in enumerate(_with_weights(network, weights)):
        said = stage.spec.arithmetic(stage.input_shape, own)
        if said is None:
            raise NetworkError(
                _(
                    "In the browser every layer must say its arithmetic, and {kind} does not yet: this network is "
                    "read on the server.",
                    kind=stage.spec.title,
                )
            )
        layers.append(_entry(stage, said))
        for name, array in said.arrays.items():
            arrays |= _kept(f"{number}.{name}", array, numbers)
    header = {
        "title": network.title,
        "text": notation.as_text(network),
        "numbers": numbers,
        "input": INPUT_SHAPE,
        "layers": layers,
        "about": dict(about or {}),
    }
    return Bundle(frame(header, arrays))


def weights_problem(weights: Sequence[np.ndarray], numbers: str) -> str | None:
    """One sentence why weights cannot be kept as these numbers, or None."""
    if numbers == "int8" and not all(np.isfinite(array).all() for array in weights if array.ndim > 1):
        return _("Weights kept as int8 must be finite numbers, and one of these is not.")
    return None


def weight_bytes(network: Network, numbers: str) -> int:
    """What the weights of a network take as these numbers, known before it is built; without the scales of int8. It is
    nearly all of a bundle."""
    total = 0
    for stage in network.stages():
        for shape in stage.spec.weight_shapes(stage.input_shape):
            total += math.prod(shape) * _BYTES[numbers if len(shape) > 1 else "float32"]
    return total


def _with_weights(network: Network, weights: Sequence[np.ndarray]) -> list[tuple[Stage, list[np.ndarray]]]:
    """Each stage with its own arrays."""
    left, pairs = list(weights), []
    for stage in network.stages():
        shapes = stage.spec.weight_shapes(stage.input_shape)
        own, left = left[: len(shapes)], left[len(shapes) :]
        if [array.shape for array in own] != shapes:
            raise NetworkError(
                _("The weights must be those of the network, and those for {layer} are not.", layer=stage.name)
            )
        pairs.append((stage, own))
    if left:
        raise NetworkError(
            _("The weights must be those of the network, and {count} arrays are left over.", count=len(left))
        )
    return pairs


def _entry(stage: Stage, said: Arithmetic) -> dict[str, object]:
    parameter = Activation(said.function).parameter if said.parameter is None else said.parameter
    return {
        "name": stage.name,
        "title": stage.spec.title,
        "input": stage.input_shape,
        "output": stage.output_shape,
        "takes": said.takes,
        "window": said.window and [_axis(axis) for axis in said.window],
        "all_channels": said.all_channels,
        "function": said.function,
        "parameter": parameter,
    }


def _axis(axis: Axis) -> dict[str, int]:
    return {
        "size": axis.size,
        "kernel": axis.kernel,
        "stride": axis.stride,
        "dilation": axis.dilation,
        "before": axis.pad_before,
        "output": axis.output,
    }


def _kept(name: str, array: np.ndarray, numbers: str) -> dict[str, np.ndarray]:
    """An array as it is kept, by the names that it has in the header."""
    values = array.astype("<f4")
    if values.ndim == 1 or numbers == "float32":
        return {name: values}
    if numbers == "float16":
        # what is larger than float16 can be would become infinite: its largest is nearest
        most = float(np.finfo(np.float16).max)
        return {name: np.clip(values, -most, most).astype("<f2")}
    kept = rounding.in_steps(values, rounding.MOST_STEPS)
    assert kept.step is not None
    return {name: kept.values, f"{name}.scale": kept.step}
