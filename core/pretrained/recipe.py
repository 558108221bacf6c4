"""How the shipped network is trained: which images in which order, and how fast it learns. Numbers only, no Keras.

Each epoch shows MNIST's 60,000 training images once nearly as they are and once redrawn (core.augmentation), mixed.
With Adam, the learning rate rises for a short while, then falls along a half cosine to nearly nothing, and all of that
a second time, twice as long (Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017).
The network is a whole one after the first round already; the second one improves it. The test images have no part in
it, and neither have the drawings of bench/drawing.py.

    optimizer = keras.optimizers.Adam(learning_rate(0))
    for epoch in range(EPOCHS):
        images, labels = epoch_images(SEED, epoch)
        ...batches of BATCH_SIZE of images / 255 in this order; before each, set learning_rate(step / steps)
"""

from __future__ import annotations

import math

import numpy as np

from core.augmentation.distort import drawn, nudged
from core.data import mnist

SEED = 1
# Epochs of each round of the learning rate.
ROUNDS = (8, 16)
EPOCHS = sum(ROUNDS)
BATCH_SIZE = 128
PEAK = 1e-3
# Share of a round in which the rate first rises, and the parts of its peak that it starts from and ends at.
WARM_UP, START, END = 0.05, 0.1, 0.005


def epoch_images(seed: int, epoch: int) -> tuple[np.ndarray, np.ndarray]:
    """uint8 (120000, 28, 28) and labels (120000,), mixed; the same for the same seed and epoch (counted from 0)."""
    plain = mnist.half("train")
    rng = np.random.default_rng([seed, epoch])
    images = np.concatenate([nudged(plain.images, rng), drawn(plain.images, plain.labels, rng)])
    order = rng.permutation(len(images))
    return images[order], np.concatenate([plain.labels, plain.labels])[order]


def learning_rate(progress: float) -> float:
    """The rate at `progress` from 0 (first batch) to 1 (end of the training). Raises ValueError outside of it."""
    if not 0 <= progress <= 1:
        raise ValueError(f"Progress must be from 0 to 1, not {progress:g}.")
    epoch = progress * EPOCHS
    for length in ROUNDS[:-1]:
        if epoch < length:
            return _in_round(epoch / length)
        epoch -= length
    return _in_round(min(epoch / ROUNDS[-1], 1.0))


def _in_round(progress: float) -> float:
    if progress < WARM_UP:
        return PEAK * (START + (1 - START) * progress / WARM_UP)
    fallen = (1 - math.cos(math.pi * (progress - WARM_UP) / (1 - WARM_UP))) / 2
    return PEAK * (1 - (1 - END) * fallen)
