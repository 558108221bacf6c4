"""How the shipped network is trained: which images in which order, and how fast it learns. Numbers only, no Keras.

Each epoch shows MNIST's 60,000 training images once nearly as they are and once redrawn (core.augmentation), mixed.
With Adam, the learning rate rises for a short while, then falls along a half cosine to nearly nothing, and all of that
a second time, twice as long (Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017).
The last epochs keep one small rate, at which the weights wander around a good place, and what is kept is the mean of
the weights on that way (Izmailov et al., "Averaging weights leads to wider optima and better generalization", 2018).
The test images have no part in it, and neither have the drawings of bench/drawing.py.

    optimizer = keras.optimizers.Adam(learning_rate(0))
    for epoch in range(EPOCHS):
        images, labels = epoch_images(SEED, epoch)
        ...batches of BATCH_SIZE of images / 255 in this order; before each, set learning_rate(step / steps)
    ...the mean of the weights after each step for which averages(step, steps), step counted from 1
"""

from __future__ import annotations

import math

import numpy as np

from core.augmentation.distort import drawn, nudged
from core.augmentation.stroke_forms import ALL_FORMS, FORMS
from core.data import mnist

SEED = 1
# Epochs of each round of the learning rate, and of the way whose weights are averaged.
ROUNDS, AVERAGED = (8, 16), 10
EPOCHS = sum(ROUNDS) + AVERAGED
# From this epoch on, counted from 0, the forms that were added last are among those written: half of the mean knows
# them. So fewer drawings are read wrong than by the mean of either half alone.
ADDED_AT = sum(ROUNDS) + AVERAGED // 2
BATCH_SIZE = 128
PEAK, WANDERING = 1e-3, 2.5e-4
# Weights are taken into the mean this many times in each of the last epochs.
TIMES = 4
# Share of a round in which the rate first rises, and the parts of its peak that it starts from and ends at.
WARM_UP, START, END = 0.05, 0.1, 0.005


def epoch_images(seed: int, epoch: int) -> tuple[np.ndarray, np.ndarray]:
    """uint8 (120000, 28, 28) and labels (120000,), mixed; the same for the same seed and epoch (counted from 0)."""
    plain = mnist.half("train")
    rng = np.random.default_rng([seed, epoch])
    forms = ALL_FORMS if epoch >= ADDED_AT else FORMS
    images = np.concatenate([nudged(plain.images, rng), drawn(plain.images, plain.labels, rng, forms)])
    order = rng.permutation(len(images))
    return images[order], np.concatenate([plain.labels, plain.labels])[order]


def learning_rate(progress: float) -> float:
    """The rate at `progress` from 0 (first batch) to 1 (end of the training). Raises ValueError outside of it."""
    if not 0 <= progress <= 1:
        raise ValueError(f"Progress must be from 0 to 1, not {progress:g}.")
    epoch = progress * EPOCHS
    for length in ROUNDS:
        if epoch < length:
            return _in_round(epoch / length)
        epoch -= length
    return WANDERING


def averages(step: int, steps: int) -> bool:
    """Whether the weights after this step, counted from 1, of so many in all belong into the mean.

    The last step always does, so that there is a mean however few there are.
    """
    every = max(1, steps // (EPOCHS * TIMES))
    return step == steps or (step * EPOCHS > steps * sum(ROUNDS) and (steps - step) % every == 0)


def _in_round(progress: float) -> float:
    if progress < WARM_UP:
        return PEAK * (START + (1 - START) * progress / WARM_UP)
    fallen = (1 - math.cos(math.pi * (progress - WARM_UP) / (1 - WARM_UP))) / 2
    return PEAK * (1 - (1 - END) * fallen)
