"""How a layer's whole output comes about, for a program that knows no Keras: what a browser computes a network from.

`Cell` says of a layer what a picture needs to know of one number; this says all that the numbers follow from.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from core.layers.shapes import Axis

TAKES = ("products", "maximum", "mean", "value", "scaling", "order")


@dataclass(frozen=True, eq=False)
class Arithmetic:
    """What a layer at rest does to one input; a flat row is one pixel with a channel for each of its values.

    takes: what an output value is made of:
        "products": of the input under its window and `kernel`, added up, and `bias` where there is one,
        "maximum", "mean": of the input under its window, without what lies beyond the ends,
        "value": the input value itself,
        "scaling": the input value times its channel's `factor`, plus its channel's `shift`,
        "order": the input values in reading order (row, column, channel) as a flat row.
    window: height and width; None where it is one pixel.
    all_channels: with "products", a map reads every input channel; else each channel has kernels of its own, one after
        the other.
    function: what is then done to the number, in the words of Keras; "softmax" looks at all channels of a pixel.
    parameter: the number that belongs to the function; None where it has none, or Keras' own of that name.
    arrays: float32: kernel (height, width, channels that a map reads, maps) and bias (maps,), or factor and shift
        (channels,).
    """

    takes: str
    window: tuple[Axis, Axis] | None = None
    all_channels: bool = False
    function: str = "linear"
    parameter: float | None = None
    arrays: dict[str, np.ndarray] = field(default_factory=dict)
