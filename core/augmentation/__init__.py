"""MNIST as other people would have written it."""

from core.augmentation.distort import drawn

__all__ = ["drawn"]
