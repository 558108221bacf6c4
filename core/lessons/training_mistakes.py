"""Slips that tutorials on training and evaluating a network are full of, in the form of `core.lessons.mistakes`.

Where `wrong` and `right` have several lines, the last one is the expression whose value counts.
"""

from __future__ import annotations

from core.lessons.mistakes import Slip
from words import N_

# the comments in the code below, see `core.lessons.comments`
COMMENTS = (
    N_("one image, three classes"),
    N_("three images, three classes:"),
    N_("every answer is right"),
    N_("the loss of two batches"),
    N_("the losses of the batches of two epochs"),
    N_("how many values Dropout has set to 0"),
    N_("about half of the thousand"),
    N_("after the step"),
    N_("2 - 0.1 · 4"),
)
_SCORES = (
    "import tensorflow as tf\n\nlayers = tf.keras.layers\n"
    "scores = tf.constant([[2.0, -1.0, 0.5]])  # one image, three classes"
)
_PREDS = (
    "labels = tf.constant([2, 1, 0])\n"
    "preds = tf.constant([[0.1, 0.2, 0.7],  # three images, three classes:\n"
    "                     [0.1, 0.9, 0.0],  # every answer is right\n"
    "                     [1.0, 0.0, 0.0]])"
)
_ANSWERS = f"import tensorflow as tf\n\n{_PREDS}"
_TESTED = (
    "import tensorflow as tf\n\n"
    "test_loss = tf.keras.metrics.Mean()\n"
    "test_accuracy = tf.keras.metrics.SparseCategoricalAccuracy()\n"
    "test_loss.update_state([0.05, 0.25])  # the loss of two batches\n"
    "test_accuracy.update_state([0, 1, 1], [[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]])"
)
_LOSSES = (
    "import tensorflow as tf\n\n"
    "epochs = [[2.0, 1.0], [0.5, 0.25]]  # the losses of the batches of two epochs\n"
    "train_loss = tf.keras.metrics.Mean()"
)
_DROPOUT = (
    "import tensorflow as tf\n\n"
    "layers = tf.keras.layers\n"
    "inputs = layers.Input(shape=(1000,))\n"
    "model = tf.keras.Model(inputs, layers.Dropout(0.5, seed=0)(inputs))\n"
    "images = tf.ones((1, 1000))"
)

_STEP = (
    "import tensorflow as tf\n\n"
    "w = tf.Variable(2.0)\n"
    "with tf.GradientTape() as tape:\n    loss = w**2\n\n"
    "optimizer = tf.keras.optimizers.SGD(0.1)"
)
_TRAINING = (
    Slip(
        "import tensorflow as tf\n\nlayers = tf.keras.layers",
        "layers.input(shape=(28, 28, 1))",
        "layers.Input(shape=(28, 28, 1))",
        N_(
            "Python tells small letters from capitals, and Keras writes every layer with a capital: Input, Conv2D, "
            "Dense."
        ),
        error="AttributeError: module 'keras._tf_keras.keras.layers' has no attribute 'input'",
    ),
    Slip(
        _SCORES,
        'layers.Dense(3, activation="relu", kernel_initializer="identity")(scores)',
        'layers.Dense(3, activation="softmax", kernel_initializer="identity")(scores)',
        N_(
            "The output layer must give probabilities: none negative, together 1. ReLU gives any positive numbers, "
            "here 2.5 in all, and a unit that it sets to 0 gets no gradient, so it cannot learn out of it. ReLU "
            "belongs in the layers before; with one label an image, the last layer takes softmax. (The identity "
            "kernel only makes the numbers readable.)"
        ),
        result="[[2.  0.  0.5]]",
    ),
    Slip(
        _DROPOUT,
        "with tf.GradientTape() as tape:\n    predictions = model(images)\n\n"
        "tf.math.count_nonzero(predictions == 0)  # how many values Dropout has set to 0",
        "with tf.GradientTape() as tape:\n    predictions = model(images, training=True)\n\n"
        "tf.math.count_nonzero(predictions == 0)  # about half of the thousand",
        N_(
            "A model that is called without a word is in use, not in training: Dropout lets everything through. fit "
            "says training=True by itself; in a loop of your own the train step must."
        ),
        result="0",
    ),
    Slip(
        _LOSSES,
        "shown = []\nfor losses in epochs:\n    for loss in losses:\n        train_loss.update_state(loss)\n"
        "    shown.append(float(train_loss.result()))\n\nshown",
        "shown = []\nfor losses in epochs:\n    train_loss.reset_state()\n    for loss in losses:\n"
        "        train_loss.update_state(loss)\n    shown.append(float(train_loss.result()))\n\nshown",
        N_(
            "A metric object adds up until it is told to forget. Without reset_state() the second epoch shows the "
            "mean of both, 0.9375, although its own loss is 0.375: what is shown lags behind what was learned. "
            "“Watch” shows it batch by batch for each run."
        ),
        result="[1.5, 0.9375]",
    ),
)
_JUDGING = (
    Slip(
        _ANSWERS,
        "tf.keras.metrics.Accuracy()(labels, preds)",
        "tf.keras.metrics.SparseCategoricalAccuracy()(labels, preds)",
        N_(
            "Accuracy counts where two arrays hold equal numbers: it compares the label 1 with probabilities such as "
            "0.9 and is right only by accident. All three answers are right, so the accuracy is 1. With a batch that "
            "is not as long as there are classes, it stops with an error instead. "
            'metrics=["accuracy"] in compile picks the right form by itself.'
        ),
        result="0.22222222",
    ),
    Slip(
        _TESTED,
        'f"Test accuracy: {test_loss.result() * 100:.1f} %"',
        'f"Test accuracy: {test_accuracy.result() * 100:.1f} %"',
        N_(
            "The mean loss has no upper end and is no share of anything, even where it happens to look like one: "
            "a loss of 0.15 does not mean 15 % right, nor 85 %. Two of the three answers are right here."
        ),
        result="Test accuracy: 15.0 %",
    ),
    Slip(
        f"import numpy as np\n{_DROPOUT}",
        "def test_step(images):\n    return model(images, training=True)\n\n\n"
        "np.array_equal(test_step(images), test_step(images))",
        "def test_step(images):\n    return model(images, training=False)\n\n\n"
        "np.array_equal(test_step(images), test_step(images))",
        N_(
            "In training mode Dropout goes on dropping: two looks at the same images give two answers, and the "
            "network is judged with a part of its units missing. A test step takes training=False, as evaluate and "
            "predict do."
        ),
        result="False",
    ),
    Slip(
        f"import numpy as np\nimport tensorflow as tf\n\n{_PREDS}",
        "np.argmax(preds)",
        "np.argmax(preds, axis=-1)",
        N_(
            "Without an axis, argmax looks through all images at once and gives the place of the one largest number; "
            "along the last axis it gives one class for each image."
        ),
        result="6",
    ),
)

_GRADIENTS = (
    Slip(
        _STEP,
        "optimizer.zero_grad()\n\ntape.gradient(loss, w)",
        "tape.gradient(loss, w)",
        N_(
            "PyTorch adds each gradient to the one before until it is told to forget. TensorFlow gives a new gradient "
            "each time it is asked: there is nothing to set to zero."
        ),
        error="AttributeError: 'SGD' object has no attribute 'zero_grad'",
    ),
    Slip(
        _STEP,
        "loss = w**2\n\nwith tf.GradientTape() as tape:\n    pass\n\ntape.gradient(loss, w) is None",
        "with tf.GradientTape() as tape:\n    loss = w**2\n\ntape.gradient(loss, w) is None",
        N_(
            "The tape writes down what is computed while it runs. A loss from before is not on it: there is no "
            "gradient, and None instead of an error."
        ),
        result="True",
    ),
    Slip(
        f"{_STEP}\ngradient = tape.gradient(loss, w)",
        "v = w\nv = v - 0.1 * gradient\n\nfloat(w)  # after the step",
        "w.assign_sub(0.1 * gradient)\n\nround(float(w), 6)  # 2 - 0.1 · 4",
        N_(
            "A minus makes a new number and leaves the variable in the layer as it was. assign_sub, or the optimizer, "
            "changes the variable itself."
        ),
        result="2.0",
    ),
)

SLIPS = _TRAINING + _JUDGING
# the ones that are made where gradients are taken by hand
GRADIENT_SLIPS = tuple(slip for slip in _TRAINING if slip.setup in (_SCORES, _DROPOUT)) + _GRADIENTS
# the ones that are made when a network is judged
EVALUATION_SLIPS = _JUDGING
