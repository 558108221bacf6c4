"""From a drawing or a picture to what the network reads."""

from core.drawing.preparation import to_mnist

__all__ = ["to_mnist"]
