"""Trains the network that is shipped in assets/, by the recipe beside this file: `python -m core.pretrained`.

The test images have no part in it; they only say at the end how good it became.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.data import mnist
from core.network import saved
from core.network.presets import BASIC_CNN, PRESETS
from core.pretrained import recipe
from core.training import precision
from core.training.data import in_order
from core.training.spec import TrainingSpec

if TYPE_CHECKING:
    import keras

_REPORT = 100


def train_and_save(path: Path = saved.FILE, epochs: int = recipe.EPOCHS) -> float:
    """Train, save without optimizer, and return the share of the 10,000 test images that it reads right."""
    policy = precision.choose(TrainingSpec())
    print(f"{epochs} epochs in {policy}", flush=True)
    network = PRESETS[BASIC_CNN].seeded(recipe.SEED)
    model = network.build(policy)
    fit(model, epochs)
    trained = network.build()
    trained.set_weights(model.get_weights())
    partial = path.with_name(f".{os.getpid()}.keras")
    trained.save(partial)
    os.replace(partial, path)
    test = mnist.half("test")
    accuracy = float((saved.predict(trained, test.images).argmax(axis=1) == test.labels).mean())
    print(f"{accuracy:.2%} of the {len(test.labels):,} test images are read right; saved as {path.name}")
    return accuracy


def fit(model: keras.Model, epochs: int) -> None:
    """The recipe on a Keras model: images, order and learning rate of every step as core.pretrained.recipe has them."""
    import keras

    for epoch in range(epochs):
        images, labels = recipe.epoch_images(recipe.SEED, epoch)
        if epoch == 0:
            steps = -(-len(labels) // recipe.BATCH_SIZE)
            rate = _Rate(epochs * steps)
            model.compile(
                keras.optimizers.Adam(recipe.learning_rate(0.0)),
                "sparse_categorical_crossentropy",
                metrics=["accuracy"],
            )
        model.fit(
            in_order(images, labels, recipe.BATCH_SIZE),
            epochs=epoch + 1,
            initial_epoch=epoch,
            verbose=0,
            shuffle=False,
            callbacks=[rate.callback()],
        )
    model.set_weights(rate.mean)


class _Rate:
    """Sets the learning rate before each step, collects the mean of the weights that belong into it (`mean`, as
    `get_weights` has them), and says now and then how far it is."""

    def __init__(self, steps: int):
        self.steps, self.step, self.start = steps, 0, time.monotonic()
        self.mean: list[np.ndarray] = []
        self.collected = 0

    def callback(self):
        import keras

        outer = self

        class SetRate(keras.callbacks.Callback):
            def on_train_batch_begin(self, batch, logs=None):
                self.model.optimizer.learning_rate.assign(recipe.learning_rate(outer.step / outer.steps))

            def on_train_batch_end(self, batch, logs=None):
                outer.report(logs)
                if recipe.averages(outer.step, outer.steps):
                    outer.collect(self.model.get_weights())

            def on_epoch_end(self, epoch, logs=None):
                print(f"epoch {epoch + 1}: loss {logs['loss']:.4f}, accuracy {logs['accuracy']:.4f}", flush=True)

        return SetRate()

    def collect(self, weights: list[np.ndarray]) -> None:
        """One more in the mean."""
        self.collected += 1
        if self.collected == 1:
            self.mean = [array.copy() for array in weights]
        for mean, array in zip(self.mean, weights, strict=True):
            mean += (array - mean) / self.collected

    def report(self, logs: dict) -> None:
        """Every so many steps: how many there are, and how long the rest takes."""
        self.step += 1
        if self.step % _REPORT == 0:
            left = (time.monotonic() - self.start) / self.step * (self.steps - self.step)
            print(
                f"step {self.step:,} of {self.steps:,}, loss {logs['loss']:.4f}, {left / 60:.0f} min left", flush=True
            )
