"""Dropout: some values become 0 while the network trains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.layers.arithmetic import Arithmetic
from core.layers.cell import Cell
from core.layers.layer import Layer, Shape, Share


@dataclass(frozen=True)
class Dropout(Layer):
    """A `keras.layers.Dropout`, called with `training` as chosen. A fresh layer with the same seed draws the same
    mask."""

    rate: Share = 0.5
    training: bool = True
    seed: int = 0

    positional = ("rate",)
    own_defaults = {"training": False, "seed": 0}
    limits = {"rate": (0, 0.95), "seed": (0, 999_999)}
    words = {"Dropout": {}}

    def config(self) -> dict[str, object]:
        """Rate and seed."""
        return {"rate": self.rate, "seed": self.seed}

    def cell(self) -> Cell:
        """The value, dropped, scaled, or as it was."""
        return Cell("value", "dropout")

    def arithmetic(self, shape: Shape, weights: Sequence[np.ndarray] = ()) -> Arithmetic:
        """At rest every value stays as it is."""
        return Arithmetic("value")

    def at_rest(self) -> Dropout:
        """Drops nothing."""
        return replace(self, training=False)

    def call_arguments(self) -> dict[str, object]:
        """Keras drops nothing unless it is told that this is training."""
        return {"training": self.training}
