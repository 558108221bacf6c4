"""MNIST as it is shipped in assets/: samples, positions by digit, and what can be counted in it.

No TensorFlow: the pages that only look at pictures stay responsive while it loads. Arrays are shared by
everyone who asks, hence read-only.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from words import _

FILE = Path(__file__).resolve().parents[2] / "assets" / "mnist.npz"
SPLITS = ("train", "test")
CLASSES = 10
SIZE = 28
PIXEL_VALUES = 256

# what numpy raises on damaged archives, on archives without our keys, and on files that are no archives
_UNREADABLE = (
    OSError,
    EOFError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    NotImplementedError,
    zipfile.BadZipFile,
    zlib.error,
)


class MnistError(RuntimeError):
    """The data file is missing or broken; the message is for the person who runs the dashboard."""


@dataclass(frozen=True, eq=False)
class Split:
    """One half of MNIST: `images` uint8 (n, 28, 28), 0 background, 255 full ink; `labels` uint8 (n,)."""

    images: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True, eq=False)
class Sample:
    """One digit: `image` uint8 (28, 28), its `label` 0-9, and where it came from."""

    image: np.ndarray
    label: int
    split: str
    index: int


def read(path: Path) -> dict[str, Split]:
    """Both splits from an npz with the keys that Keras uses: x_train, y_train, x_test, y_test.

    Raises MnistError with one sentence where the file is missing, broken or holds something else.
    """
    return {name: read_split(path, name) for name in SPLITS}


def read_split(path: Path, name: str) -> Split:
    """One split of the same file; the other one is not unpacked. Raises MnistError."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            split = Split(arrays[f"x_{name}"], arrays[f"y_{name}"])
    except FileNotFoundError:
        raise MnistError(_("MNIST is expected in {file}, and there is no such file.", file=_shown(path))) from None
    except _UNREADABLE as error:
        raise MnistError(
            _(
                "{file} must hold the arrays x_train, y_train, x_test and y_test; "
                "the file is damaged or holds something else.",
                file=_shown(path),
            )
        ) from error
    _check(path, name, split)
    return split


def _shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _check(path: Path, name: str, split: Split) -> None:
    images, labels = split.images, split.labels
    fits = images.dtype == labels.dtype == np.uint8 and images.shape == (labels.size, SIZE, SIZE)
    if not fits or labels.ndim != 1 or not labels.size or labels.max() >= CLASSES:
        raise MnistError(
            _(
                "{file} must hold uint8 images (n, 28, 28) with a label 0-9 each; "
                "x_{name} is {images} and y_{name} is {labels}.",
                file=_shown(path),
                name=name,
                images=_described(images),
                labels=_described(labels),
            )
        )
    images.setflags(write=False)
    labels.setflags(write=False)


def load() -> dict[str, Split]:
    """The shipped data set, read once: `load()["train"].images`. Raises MnistError."""
    return {name: half(name) for name in SPLITS}


def _described(array: np.ndarray) -> str:
    return f"{array.dtype} {array.shape}"


@lru_cache(maxsize=len(SPLITS))
def half(name: str) -> Split:
    """One half of the shipped data set, read once. The first page needs a test image only: 0.03 s, not 0.2 s.

    Raises MnistError, and ValueError for any name but train and test.
    """
    if name not in SPLITS:
        raise ValueError(f"The split must be one of {', '.join(SPLITS)}, not {name!r}.")
    return read_split(FILE, name)


@lru_cache(maxsize=len(SPLITS) * (CLASSES + 1))
def positions(split: str, digit: int | None = None) -> np.ndarray:
    """Ascending indexes in `split` of the images labelled `digit` (None: of all images), read-only."""
    labels = half(split).labels
    if digit is None:
        return _readonly(np.arange(len(labels)))
    if digit not in range(CLASSES):
        raise ValueError(f"The digit must be from 0 to 9, not {digit!r}.")
    return _readonly(np.flatnonzero(labels == digit))


def sample(split: str, index: int) -> Sample:
    """The digit at `index`, counted from 0. Raises ValueError where the split has no such index."""
    images, labels = half(split).images, half(split).labels
    if not 0 <= index < len(labels):
        raise ValueError(f"The index into {split} must be from 0 to {len(labels) - 1}, not {index}.")
    return Sample(images[index], int(labels[index]), split, int(index))


def class_counts(split: str) -> np.ndarray:
    """(10,) int: how many images of each digit the split holds."""
    return np.bincount(half(split).labels, minlength=CLASSES)


@lru_cache(maxsize=len(SPLITS))
def mean_images(split: str) -> np.ndarray:
    """(10, 28, 28) float32, read-only: the mean of all images of each digit, in pixel values 0-255."""
    images = half(split).images
    means = [images[positions(split, digit)].mean(axis=0) for digit in range(CLASSES)]
    return _readonly(np.array(means, np.float32))


def pixel_histogram(split: str, bins: int = 32) -> tuple[np.ndarray, np.ndarray]:
    """How often pixel values occur: counts (bins,) int, and edges (bins + 1,) int from 0 to 256.

    Bin i counts the values from edges[i] up to edges[i + 1] - 1. `bins` must divide 256: otherwise some
    bars would cover more of the whole-number values than others and stand out for no other reason.
    Raises ValueError otherwise.
    """
    if bins not in range(1, PIXEL_VALUES + 1) or PIXEL_VALUES % bins:
        raise ValueError(f"The number of bins must divide 256 (1, 2, 4, ... 256), not {bins}.")
    counts = _pixel_counts(split).reshape(bins, -1).sum(axis=1)
    return counts, np.arange(bins + 1) * (PIXEL_VALUES // bins)


@lru_cache(maxsize=len(SPLITS))
def _pixel_counts(split: str) -> np.ndarray:
    # bincount widens its input to 8 bytes a value; slices keep that copy at 25 MB instead of 376 MB
    images = half(split).images
    slices = (images[start : start + 4000].ravel() for start in range(0, len(images), 4000))
    counts = np.zeros(PIXEL_VALUES, np.int64)
    return _readonly(sum((np.bincount(pixels, minlength=PIXEL_VALUES) for pixels in slices), counts))


def page_count(split: str, digit: int | None, size: int) -> int:
    """How many pages of `size` images there are; the last one may be shorter."""
    if size < 1:
        raise ValueError(f"A page must hold at least 1 image, not {size}.")
    return -(-len(positions(split, digit)) // size)


def page(split: str, digit: int | None, page: int, size: int, seed: int | None = None) -> np.ndarray:
    """Indexes of the images on one page, counted from 0; in order, or shuffled if a `seed` is given.

    The pages of one seed together hold every image once. Raises ValueError where there is no such page.
    """
    pages = page_count(split, digit, size)
    if not 0 <= page < pages:
        raise ValueError(f"The page must be from 0 to {pages - 1}, not {page}.")
    order = positions(split, digit) if seed is None else _shuffled(split, digit, seed)
    return order[page * size : (page + 1) * size]


@lru_cache(maxsize=32)
def _shuffled(split: str, digit: int | None, seed: int) -> np.ndarray:
    return _readonly(np.random.default_rng(seed).permutation(positions(split, digit)))


def _readonly(array: np.ndarray) -> np.ndarray:
    array.setflags(write=False)
    return array
