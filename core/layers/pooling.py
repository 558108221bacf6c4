"""Pooling: the largest value or the mean of each window."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.layers.cell import Cell
from core.layers.layer import POOL_MISFIT, Layer, Shape, misfit, needs_maps
from core.layers.shapes import PADDINGS, Axis


@dataclass(frozen=True)
class Pooling(Layer):
    """A `keras.layers.MaxPool2D` or, to compare, `AveragePooling2D`."""

    kind: str = "max"
    pool_size: tuple[int, int] = (2, 2)
    strides: tuple[int, int] = (2, 2)
    padding: str = "valid"

    positional = ("pool_size",)
    defaults = {"padding": "valid"}
    # Keras has no size for the average
    own_defaults = {"pool_size": (2, 2)}
    fixed = {"data_format": "channels_last"}
    options = {"padding": PADDINGS}
    limits = {"pool_size": (1, 28), "strides": (1, 28)}
    words = {"MaxPool2D": {"kind": "max"}, "AveragePooling2D": {"kind": "average"}}
    aliases = {
        "MaxPooling2D": {"kind": "max"},
        "AvgPool2D": {"kind": "average"},
    }

    @property
    def title(self) -> str:
        """Keras' shorter name of the layer, as tutorials have it."""
        return "MaxPool2D" if self.kind == "max" else "AveragePooling2D"

    @property
    def keras_name(self) -> str:
        """What `model.summary()` says."""
        return "MaxPooling2D" if self.kind == "max" else "AveragePooling2D"

    @property
    def code_name(self) -> str:
        """The shorter name."""
        return self.title

    def config(self) -> dict[str, object]:
        """Pool size, strides and padding."""
        return {"pool_size": self.pool_size, "strides": self.strides, "padding": self.padding}

    def axes(self, shape: Shape) -> tuple[Axis, Axis]:
        """Height and width of this layer on an input of `shape`."""
        height, width = (Axis(shape[i], self.pool_size[i], self.strides[i], self.padding) for i in (0, 1))
        return height, width

    def problem(self, shape: Shape) -> str | None:
        """One sentence why Keras would refuse this layer on `shape`, or None."""
        if problem := needs_maps(self.title, shape):
            return problem
        return misfit(POOL_MISFIT, self.pool_size, shape) if self.padding == "valid" else None

    def mended(self, shape: Shape) -> Pooling | None:
        """With the largest window that fits; None behind Flatten."""
        if needs_maps(self.title, shape):
            return None
        height, width = self.axes(shape)
        return replace(self, pool_size=(height.fitted().kernel, width.fitted().kernel))

    def output_shape(self, shape: Shape) -> Shape:
        """(height, width, channels)."""
        height, width = self.axes(shape)
        return height.output, width.output, shape[-1]

    def cell(self) -> Cell:
        """The largest value under the window, or the mean."""
        return Cell("maximum" if self.kind == "max" else "mean")

    @classmethod
    def unsaid(cls, given: dict[str, object]) -> dict[str, object]:
        """Without strides, Keras takes the pool size."""
        values = super().unsaid(given)
        return {**values, "strides": given.get("pool_size", values["pool_size"])}

    def _is_default(self, key: str, value: object) -> bool:
        return value == self.pool_size if key == "strides" else super()._is_default(key, value)
