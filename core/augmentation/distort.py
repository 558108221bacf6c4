"""MNIST as people would draw it on a pad: other slants, pens and sizes, and forms of digits that MNIST lacks.

Elastic distortions after Simard, Steinkraus and Platt, "Best practices for convolutional neural networks applied
to visual document analysis" (2003). All numpy: it runs beside training.
"""

from __future__ import annotations

import numpy as np

from core.augmentation import added_strokes
from core.augmentation.stroke_forms import ALL_FORMS, Forms, written
from core.data.mnist import SIZE

CHUNK = 512
# Share of the images that are written anew from core.augmentation.stroke_forms, label kept.
WRITTEN = 0.35
# Share of those written with a pen so thick that small loops fill, and of the others that are filled so. Preparing a
# drawing then makes the lines thin again, and the loops stay filled.
FAT, FILLED = 0.3, 0.12
PENS, FAT_PENS, AFTERWARDS = (1.5, 3.2), (3.2, 4.6), 2.8
# Share of the zeros that lie on their side, or half so: turned by up to this many radians.
LYING, FLATTEST = 0.25, 1.5
# Share of the images that `nudged` leaves alone.
LEFT_ALONE = 0.4
# Share that keeps the size and place that `to_mnist` gives; the others stand as they fall.
CENTRED = 0.85
FITTED = 20
# MNIST's centre of mass, as an index of pixels counted from 0.
CENTRE = 14.0
# Standard deviations: rotation in radians, shear, and log of the aspect.
ROTATION, SHEAR, ASPECT = 0.14, 0.18, 0.1
# Elastic distortion: a grid of 4×4 vectors, in pixels.
GRID, ELASTIC = 4, 0.75
INK = 64


def drawn(images: np.ndarray, labels: np.ndarray, rng: np.random.Generator, forms: Forms = ALL_FORMS) -> np.ndarray:
    """New versions of digits: images uint8 (n, 28, 28), labels (n,) → uint8 (n, 28, 28). The label stays right.

    forms: those that some are written from (core.augmentation.stroke_forms). One `rng` state always gives the same
    result; the input is not changed. Raises ValueError for other shapes.
    """
    if images.ndim != 3 or images.shape[1:] != (SIZE, SIZE) or images.dtype != np.uint8:
        raise ValueError(f"Images must be uint8 with the shape (n, 28, 28), not {images.dtype} {images.shape}.")
    if labels.shape != images.shape[:1]:
        raise ValueError(f"There must be one label for each of the {len(images)} images, not {labels.shape}.")
    result = np.empty_like(images)
    for start in range(0, len(images), CHUNK):
        part = slice(start, start + CHUNK)
        result[part] = _drawn(images[part], labels[part], rng, forms)
    return result


def _drawn(images: np.ndarray, labels: np.ndarray, rng: np.random.Generator, forms: Forms) -> np.ndarray:
    ink = with_pen(images, rng)
    filled = rng.random(len(labels)) < FILLED
    ink[filled] = thinner(thicker(ink[filled], 1), 1)
    ink = added_strokes.added(ink, labels, rng)
    anew = np.flatnonzero(rng.random(len(labels)) < WRITTEN)
    if anew.size:
        ink[anew] = 255 * _written(labels[anew], rng, forms)
    lying = (labels == 0) & (rng.random(len(labels)) < LYING)
    return moved(ink, rng, lying * rng.uniform(-FLATTEST, FLATTEST, len(labels)))


def _written(labels: np.ndarray, rng: np.random.Generator, forms: Forms) -> np.ndarray:
    """(n, 28, 28) in [0, 1]: with a usual pen, or with a fat one whose lines are thinned afterwards."""
    fat = rng.random(len(labels)) < FAT
    pens = np.where(fat, rng.uniform(*FAT_PENS, len(labels)), rng.uniform(*PENS, len(labels)))
    amount = np.clip((pens - AFTERWARDS) / 2, 0, 1) * fat
    return thinner(written(labels, pens, rng, forms), amount.astype(np.float32)[:, None, None])


def nudged(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Digits nearly as they are, uint8 (n, 28, 28): a little turned, sheared, sized, distorted and off their place.

    Some are left exactly as they are.
    """
    result = images.copy()
    for start in range(0, len(images), CHUNK):
        chosen = start + np.flatnonzero(rng.random(len(images[start : start + CHUNK])) >= LEFT_ALONE)
        ink, count = images[chosen].astype(np.float32), len(chosen)
        forward = _shapes(count, rng, 0.7) * rng.normal(1, 0.05, count)[:, None, None]
        middle = _centres(ink)
        place = (middle + rng.normal(0, 0.6, (count, 2))).astype(np.float32)
        backward = np.linalg.inv(forward).astype(np.float32)
        result[chosen] = np.clip(_sampled(ink, backward, middle, place, rng) + 0.5, 0, 255)
    return result


def with_pen(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Lines made thinner or thicker by up to about a pixel: uint8 (n, 28, 28) → float32, values 0-255.

    Lines that would vanish stay as wide as they are.
    """
    thick, thin = _around(images, np.maximum), _around(images, np.minimum)
    amount = rng.uniform(-1, 1, len(images)).astype(np.float32)
    # thin lines lose most of their ink to one round of thinning: take less of it
    left = thin.sum(axis=(1, 2), dtype=np.float32) / np.maximum(images.sum(axis=(1, 2), dtype=np.float32), 1)
    amount = np.where(amount < 0, amount * np.clip(2.5 * left - 0.25, 0, 1), amount * 0.8)[:, None, None]
    return images + amount * np.where(amount > 0, thick - images, images - thin)


def thicker(images: np.ndarray, amount: np.ndarray | float) -> np.ndarray:
    """Lines grown on both sides by amount, 0 to 1 pixel."""
    return images + amount * (_around(images, np.maximum) - images)


def thinner(images: np.ndarray, amount: np.ndarray | float) -> np.ndarray:
    """Lines shrunk on both sides by amount, 0 to 1 pixel; lines of less than two pixels may vanish."""
    return images - amount * (images - _around(images, np.minimum))


def _around(images: np.ndarray, combine: np.ufunc) -> np.ndarray:
    """Each pixel combined with its four neighbours; outside is no ink."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    rows = combine(padded[:, :-2, 1:-1], padded[:, 2:, 1:-1])
    columns = combine(padded[:, 1:-1, :-2], padded[:, 1:-1, 2:])
    return combine(images, combine(rows, columns))


def moved(ink: np.ndarray, rng: np.random.Generator, turns: np.ndarray | float = 0.0) -> np.ndarray:
    """Rotated, sheared, stretched, distorted, then sized and centred: float32 (n, 28, 28) 0-255 → uint8.

    Most come out as `core.drawing.preparation.to_mnist` would have it: the longer side 20 pixels, the centre of mass in
    the middle; the others up to a third smaller and up to 3 pixels off. turns: (n,) radians, added to the rotation.
    """
    count = len(ink)
    forward = _shapes(count, rng, turns=turns)
    middle = _centres(ink)
    centred = rng.random(count) < CENTRED
    size = np.where(centred, FITTED * rng.normal(1, 0.02, count), rng.uniform(13, 21, count))
    forward *= (size / _longer_side(ink, forward))[:, None, None]
    place = np.where(centred[:, None], rng.normal(0, 0.25, (count, 2)), rng.uniform(-2.5, 2.5, (count, 2))) + CENTRE
    backward = np.linalg.inv(forward).astype(np.float32)
    warped = _sampled(ink, backward, middle, place.astype(np.float32), rng)
    contrast = rng.uniform(1.0, 1.7, (count, 1, 1)).astype(np.float32)
    return np.clip((warped - 110) * contrast + 110 + 0.5, 0, 255).astype(np.uint8)


def _shapes(count: int, rng: np.random.Generator, strength: float = 1.0, turns: np.ndarray | float = 0.0) -> np.ndarray:
    """(n, 2, 2) matrices for (x, y): rotation · shear · stretch, without a common scale."""
    turn, shear = rng.normal(0, ROTATION * strength, count) + turns, rng.normal(0, SHEAR * strength, count)
    stretch = np.exp(rng.normal(0, ASPECT * strength, count))
    cos, sin, zero = np.cos(turn), np.sin(turn), np.zeros(count)
    rotation = np.stack([cos, -sin, sin, cos], axis=1).reshape(-1, 2, 2)
    slanted = np.stack([stretch, -shear, zero, 1 / stretch], axis=1).reshape(-1, 2, 2)
    return rotation @ slanted


def _centres(ink: np.ndarray) -> np.ndarray:
    """(n, 2): the centre of mass as x, y in pixels."""
    places = np.arange(SIZE, dtype=np.float32)
    mass = np.maximum(ink.sum(axis=(1, 2)), 1e-3)
    return np.stack([ink.sum(axis=1) @ places / mass, ink.sum(axis=2) @ places / mass], axis=1)


def _longer_side(ink: np.ndarray, forward: np.ndarray) -> np.ndarray:
    """(n,): the longer side in pixels that each digit's box has after its matrix."""
    y, x = np.divmod(np.arange(SIZE * SIZE, dtype=np.float32), np.float32(SIZE))
    solid = ink.reshape(len(ink), -1) > INK
    matrix = forward.astype(np.float32)
    sides = []
    for row in range(2):
        along = matrix[:, row, :1] * x + matrix[:, row, 1:] * y
        sides.append(along.max(axis=1, where=solid, initial=-99) - along.min(axis=1, where=solid, initial=99))
    return np.maximum(np.maximum(*sides) + 1, 4)


def _sampled(
    ink: np.ndarray, backward: np.ndarray, middle: np.ndarray, place: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Each pixel taken from where the matrix `backward` and the distortion say, bilinear.

    scipy.ndimage.map_coordinates takes 1.3 times as long, image by image, or 2.5 times in one call; and it rounds
    otherwise, so that `python -m core.pretrained` would not train on the very images that it was run with.
    """
    count = len(ink)
    grid = np.arange(SIZE, dtype=np.float32)
    right, down = (grid - place[:, axis, None] for axis in (0, 1))
    off = _SPREAD @ rng.normal(0, ELASTIC, (2, count, GRID, GRID)).astype(np.float32) @ _SPREAD.T
    # the frame of zeros that is put around each picture catches whatever comes from outside
    x, y = (
        (backward[:, row, 0, None] * right + middle[:, row, None] + 1)[:, None]
        + (backward[:, row, 1, None] * down)[:, :, None]
        + off[row]
        for row in (0, 1)
    )
    np.clip(x, 0, SIZE + 0.99, out=x)
    np.clip(y, 0, SIZE + 0.99, out=y)
    left, top = x.astype(np.int32), y.astype(np.int32)
    x -= left
    y -= top
    side = SIZE + 2
    framed = np.pad(ink, ((0, 0), (1, 1), (1, 1))).ravel()
    first = top * side + left + (np.arange(count, dtype=np.int32) * side * side)[:, None, None]
    upper = framed[first] * (1 - x) + framed[first + 1] * x
    lower = framed[first + side] * (1 - x) + framed[first + side + 1] * x
    return upper + (lower - upper) * y


def _spread() -> np.ndarray:
    """(28, 4): smooth weights (cubic B-spline) that spread a coarse grid over the picture."""
    t = np.linspace(0, GRID - 1, SIZE)[:, None] - np.arange(GRID)
    distance = np.abs(t)
    near = 2 / 3 - distance**2 + distance**3 / 2
    far = np.clip(2 - distance, 0, None) ** 3 / 6
    return np.where(distance < 1, near, far).astype(np.float32)


_SPREAD = _spread()
