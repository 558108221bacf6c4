"""Networks with weights: the shipped one, others from files, and what they answer."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.layers import every_other
from core.network.network import CLASSES, INPUT_SHAPE, NetworkError
from words import _

if TYPE_CHECKING:
    import keras

FILE = Path(__file__).resolve().parents[2] / "assets" / "basic_cnn.keras"
# images that a model sees at once: of 100 to 1,000, the fastest on a small CPU
_CHUNK = 250


@lru_cache(maxsize=1)
def load_pretrained() -> keras.Model:
    """The shipped network, trained by `python -m core.pretrained`: a Keras model of the preset Basic_CNN, read once.

    Raises NetworkError with one sentence where its file is missing or broken.
    """
    return load(FILE)


def load(path: Path) -> keras.Model:
    """A Keras model from a .keras file, not compiled. Raises NetworkError with one sentence."""
    import keras

    _expect(path)
    every_other.first()
    try:
        return keras.models.load_model(path, compile=False)
    except Exception as error:  # Keras raises whatever its zip, JSON and HDF5 readers raise
        raise NetworkError(
            _(
                "{file} should hold a trained network, and Keras cannot read it: the file is damaged.",
                file=_short(path),
            )
        ) from error


def content(path: Path) -> bytes:
    """The bytes of a .keras file. Raises NetworkError with one sentence where there is none."""
    _expect(path)
    return path.read_bytes()


def _expect(path: Path) -> None:
    if not path.exists():
        raise NetworkError(_("A trained network is expected in {file}, and there is no such file.", file=_short(path)))


def _short(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def as_batch(images: np.ndarray) -> np.ndarray:
    """float32 (n, 28, 28, 1) in [0, 1] from one image or many, with or without a channel axis.

    uint8 counts as 0-255, anything else as 0-1. Raises ValueError for any other shape.
    """
    images = np.asarray(images)
    shape = images.shape
    if shape[-3:] != INPUT_SHAPE:
        images = images[..., np.newaxis]
    if images.ndim == 3:
        images = images[np.newaxis]
    if images.ndim != 4 or images.shape[1:] != INPUT_SHAPE:
        raise ValueError(f"Expected images of 28 × 28 pixels, (n, 28, 28) or (n, 28, 28, 1), got {shape}.")
    if images.dtype == np.uint8:
        return images.astype(np.float32) / 255
    return images.astype(np.float32)


def predict(model: keras.Model, images: np.ndarray) -> np.ndarray:
    """(n, 10) float32 probabilities of the ten digits for images as `as_batch` takes them."""
    batch = as_batch(images)
    chunks = [model.predict_on_batch(batch[i : i + _CHUNK]) for i in range(0, len(batch), _CHUNK)]
    return np.concatenate(chunks) if chunks else np.empty((0, CLASSES), np.float32)
