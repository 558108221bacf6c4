"""The tf.data pipelines that a training reads: shuffled training batches, validation batches, labels as the loss
wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.data import mnist
from core.network.network import CLASSES
from core.training.spec import TrainingSpec

if TYPE_CHECKING:
    import tensorflow as tf

VALIDATION_BATCH = 250


def training_images(spec: TrainingSpec) -> tuple[np.ndarray, np.ndarray]:
    """The first images of the training half, with a class's drawings among them where the spec says so: uint8
    (examples, 28, 28) and labels uint8 (examples,). Raises ClassError where the class has ended."""
    half = mnist.half("train")
    images, labels = half.images[: spec.examples], half.labels[: spec.examples]
    if not spec.class_drawings:
        return images, labels
    from core.classes import training_set  # loads a database's driver

    return training_set.mixed(images, labels, spec.class_drawings)


def problem(spec: TrainingSpec) -> str | None:
    """One sentence why these images are not there, or None."""
    if not spec.class_drawings:
        return None
    from core.classes import training_set

    return training_set.problem(spec.class_drawings)


def validation_images(spec: TrainingSpec) -> tuple[np.ndarray, np.ndarray]:
    """The last images of the training half: uint8 (validation, 28, 28) and labels uint8 (validation,)."""
    half = mnist.half("train")
    return half.images[-spec.validation :], half.labels[-spec.validation :]


def encode(labels: np.ndarray, one_hot: bool) -> np.ndarray:
    """Labels for a loss: whole numbers int32 (n,), or float32 (n, 10) with a 1 at the digit's place."""
    if not one_hot:
        return labels.astype(np.int32)
    return np.eye(CLASSES, dtype=np.float32)[labels]


def training(spec: TrainingSpec, epochs_done: int = 0):
    """An endless dataset of batches, float32 images (b, 28, 28, 1) in [0, 1] and encoded labels; `spec.batches` of
    them are an epoch. Each epoch has another order, the same ones for the same seed.

    epochs_done: epochs that an earlier process has read already; their batches are passed over.
    """
    import tensorflow as tf

    images, labels = training_images(spec)
    pixels, answers = tf.constant(images), tf.constant(encode(labels, spec.one_hot))
    # the order depends on the length, the buffer and the seed, never on what the elements are: shuffling numbers
    # and picking batches by them gives what shuffling the images gives, without moving any image
    order = tf.data.Dataset.range(spec.examples).shuffle(spec.examples, seed=spec.seed)
    # one endless stream: Keras' fit starts finite datasets over more often than there are epochs, and each start
    # draws the next order, so that fit and an explicit loop would train on different ones
    numbered = order.batch(spec.batch_size).repeat().enumerate().skip(epochs_done * spec.batches)

    def pick(number, indexes):
        chosen = tf.gather(pixels, indexes)
        if spec.augmentation == "drawn":
            chosen = _drawn(chosen, tf.gather(tf.constant(labels), indexes), number, spec.seed)
        return _as_input(chosen), tf.gather(answers, indexes)

    dataset = numbered.map(pick)
    if spec.augmentation == "light":
        augmentation = light(spec.seed)
        dataset = dataset.map(lambda x, y: (augmentation(x, training=True), y))
    return untuned(dataset.prefetch(2))


def _drawn(pixels, labels, number, seed: int):
    """The batch with this number in the forms that people draw; the same number always gives the same forms."""
    import tensorflow as tf

    from core.augmentation import distort

    def change(pixels, labels, number):
        return distort.drawn(pixels, labels, np.random.default_rng((seed, int(number))))

    changed = tf.numpy_function(change, (pixels, labels, number), tf.uint8)
    changed.set_shape(pixels.shape)
    return changed


def validation(spec: TrainingSpec):
    """Batches of the validation images in their order."""
    images, labels = validation_images(spec)
    return in_order(images, encode(labels, spec.one_hot), VALIDATION_BATCH)


def in_order(images: np.ndarray, labels: np.ndarray, batch_size: int) -> tf.data.Dataset:
    """Batches of uint8 images (n, 28, 28) in the order given; pixels become floats batch by batch, not all at once."""
    import tensorflow as tf

    dataset = tf.data.Dataset.from_tensor_slices((images, labels)).batch(batch_size)
    return untuned(dataset.map(lambda x, y: (_as_input(x), y)).prefetch(2))


def untuned(dataset: tf.data.Dataset) -> tf.data.Dataset:
    """The dataset, whose numbers tf.data leaves as they are.

    Its tuner is a thread beside each iterator, which wakes to look half as often each time. One iterator in ten, when
    it is let go, waits for the tuner's next look, as long as it has lived, up to a minute, with the interpreter locked:
    a training seemed to hang at its end. Nothing here is left to be tuned (`tf.data.AUTOTUNE`).
    """
    import tensorflow as tf

    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.with_options(options)


def _as_input(pixels):
    import tensorflow as tf

    return tf.cast(pixels[..., tf.newaxis], tf.float32) / 255


def light(seed: int):
    """A Keras layer that turns, moves and zooms each image a little, by other amounts each time.

    The amounts keep every digit what it is: up to 11° of rotation, 2 pixels of shift, 10 % of size.
    """
    import keras

    layers = keras.layers
    return keras.Sequential(
        [
            layers.RandomRotation(0.03, fill_mode="constant", seed=seed),
            layers.RandomTranslation(0.08, 0.08, fill_mode="constant", seed=seed + 1),
            layers.RandomZoom(0.1, fill_mode="constant", seed=seed + 2),
        ]
    )
