"""How far a picture is from what MNIST holds: its nearest image, by the pixels alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.data import mnist

# of the training images, the first ones: enough for each way of writing a digit, and compared in some milliseconds
AMONG = 10_000
# test images that say how far an image of MNIST is from these
_JUDGED = 500
_CHUNK = 2_000
USUAL_PERCENT = 95


@dataclass(frozen=True)
class Nearest:
    """A training image: its index, its label, and how far it is: the root of the mean squared difference of a pixel, 0
    to 1."""

    index: int
    label: int
    distance: float


def nearest(image: np.ndarray) -> Nearest:
    """Of the first `AMONG` training images the one nearest to `image`, float (28, 28) in [0, 1].

    Raises ValueError for another shape.
    """
    if image.shape != (mnist.SIZE, mnist.SIZE):
        raise ValueError(f"Expected an image of (28, 28) pixels, got {image.shape}.")
    indexes, distances = _nearest(image[np.newaxis])
    index = int(indexes[0])
    return Nearest(index, int(mnist.half("train").labels[index]), float(distances[0]))


@lru_cache(maxsize=1)
def usual_distance() -> float:
    """The distance that `USUAL_PERCENT` of the test images stay below; takes about half a second, once."""
    images = mnist.half("test").images[:_JUDGED].astype(np.float32) / 255
    return float(np.percentile(_nearest(images)[1], USUAL_PERCENT))


def _nearest(images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Index and distance of the nearest for each of (n, 28, 28); |a - b|² = |a|² - 2ab + |b|², a chunk at a time."""
    wanted = images.reshape(len(images), -1).astype(np.float32)
    best = np.full(len(images), np.inf, np.float32)
    where = np.zeros(len(images), np.int64)
    for start in range(0, AMONG, _CHUNK):
        part = mnist.half("train").images[start : start + _CHUNK].reshape(-1, wanted.shape[1])
        among = part.astype(np.float32) / 255
        squares = (among**2).sum(axis=1) - 2 * wanted @ among.T
        found = squares.argmin(axis=1)
        least = squares[np.arange(len(wanted)), found]
        closer = least < best
        best[closer], where[closer] = least[closer], found[closer] + start
    whole = best + (wanted**2).sum(axis=1)
    return where, np.sqrt(np.maximum(whole, 0) / wanted.shape[1])
