"""Slips that tutorials on training and evaluating a network are full of, in the form of `core.slips`."""

from __future__ import annotations

from core.slips import Slip

_SCORES = (
    "import tensorflow as tf\n\nlayers = tf.keras.layers\n"
    "scores = tf.constant([[2.0, -1.0, 0.5]])  # one image, three classes"
)
_ANSWERS = (
    "import tensorflow as tf\n\n"
    "labels = tf.constant([2, 1, 0])\n"
    "preds = tf.constant([[0.1, 0.2, 0.7],  # three images, three classes:\n"
    "                     [0.1, 0.9, 0.0],  # every answer is right\n"
    "                     [1.0, 0.0, 0.0]])"
)
_TESTED = (
    "import tensorflow as tf\n\n"
    "test_loss = tf.keras.metrics.Mean()\n"
    "test_accuracy = tf.keras.metrics.SparseCategoricalAccuracy()\n"
    "test_loss.update_state([0.05, 0.25])  # the loss of two batches\n"
    "test_accuracy.update_state([0, 1, 1], [[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]])"
)

SLIPS = (
    Slip(
        "import tensorflow as tf\n\nlayers = tf.keras.layers",
        "layers.input(shape=(28, 28, 1))",
        "layers.Input(shape=(28, 28, 1))",
        "Python tells small letters from capitals, and Keras writes every layer with a capital: Input, Conv2D, Dense.",
        error="AttributeError: module 'keras._tf_keras.keras.layers' has no attribute 'input'",
    ),
    Slip(
        _SCORES,
        'layers.Dense(3, activation="relu", kernel_initializer="identity")(scores)',
        'layers.Dense(3, activation="softmax", kernel_initializer="identity")(scores)',
        "The output layer must give probabilities: none negative, together 1. ReLU gives any positive numbers, here "
        "2.5 in all, and a unit that it sets to 0 gets no gradient, so it cannot learn out of it. ReLU belongs in the "
        "layers before; with one label an image, the last layer takes softmax. (The identity kernel only makes the "
        "numbers readable.)",
        result="[[2.  0.  0.5]]",
    ),
    Slip(
        _ANSWERS,
        "tf.keras.metrics.Accuracy()(labels, preds)",
        "tf.keras.metrics.SparseCategoricalAccuracy()(labels, preds)",
        "Accuracy counts where two arrays hold equal numbers: it compares the label 1 with probabilities such as 0.9 "
        "and is right only by accident. All three answers are right, so the accuracy is 1. With a batch that is not "
        'as long as there are classes, it stops with an error instead. metrics=["accuracy"] in compile picks the right '
        "form by itself.",
        result="0.22222222",
    ),
    Slip(
        _TESTED,
        'f"Test accuracy: {test_loss.result() * 100:.1f} %"',
        'f"Test accuracy: {test_accuracy.result() * 100:.1f} %"',
        "The mean loss has no upper end and is no share of anything, even where it happens to look like one: "
        "a loss of 0.15 does not mean 15 % right, nor 85 %. Two of the three answers are right here.",
        result="Test accuracy: 15.0 %",
    ),
    Slip(
        _ANSWERS.replace("import tensorflow", "import numpy as np\nimport tensorflow"),
        "np.argmax(preds)",
        "np.argmax(preds, axis=-1)",
        "Without an axis, argmax looks through all images at once and gives the place of the one largest number; "
        "along the last axis it gives one class for each image.",
        result="6",
    ),
)

# the ones that are made when a network is judged
EVALUATION_SLIPS = SLIPS[2:]
