"""How one cell of an output map comes about: what a picture of a layer needs to know of it, whatever kind it is."""

from __future__ import annotations

from dataclasses import dataclass

TAKES = ("products", "maximum", "mean", "value")


@dataclass(frozen=True)
class Cell:
    """A cell is made of the input under its window (`Layer.axes`; one pixel where there is none).

    takes: "products" (with a kernel, see `Layer.map_kernels`, added up, and a bias), the "maximum", the "mean", or the
    "value" itself. function: what is then done to the number, in the words of Keras where it has any. all_channels: a
    map reads every input channel; else each reads one, and where there are more maps than channels the first ones read
    the first channel.
    """

    takes: str
    function: str = "linear"
    all_channels: bool = False

    def channel_of(self, map: int, channels: int, maps: int) -> int:
        """The input channel that an output map reads, where it reads one."""
        return map // (maps // channels)
