"""Slips of the keyboard that tutorials are full of: what Python says, and what was meant."""

from __future__ import annotations

from dataclasses import dataclass

from words import N_


@dataclass(frozen=True)
class Slip:
    """`setup` runs first; then `wrong` raises an error that contains `error`, where `right` works.

    Where `error` is empty, `wrong` runs without a word and gives `result`, not what was meant. Both are lines of Python
    that end in an expression: its value is what they give. `why` is shown with `_`, code with `comments.translated`.
    """

    setup: str
    wrong: str
    right: str
    why: str
    error: str = ""
    result: str = ""


# the comments in the code below, see `core.lessons.comments`
COMMENTS = (N_("as in MNIST"),)
TENSOR = "import tensorflow as tf\n\ntensor = tf.constant([1, 2, 3])"
ARRAY = "import numpy as np\n\narr = np.array([1, 2, 3], dtype=np.float32)"

SLIPS = (
    Slip(
        TENSOR,
        "tensor.shape()",
        "tensor.shape",
        N_("The shape is a value that the tensor carries, not a function: no parentheses."),
        error="TypeError: 'TensorShape' object is not callable",
    ),
    Slip(
        ARRAY,
        "arr.astype(np.unit8)",
        "arr.astype(np.uint8)",
        N_("uint8 is short for unsigned integer of 8 bits: u, int, 8."),
        error="AttributeError: module 'numpy' has no attribute 'unit8'",
    ),
    Slip(
        TENSOR,
        "tf.cast(tensor, dtype=tf.unit)",
        "tf.cast(tensor, dtype=tf.uint8)",
        N_("Besides the letters, the size is missing: tf.uint8, tf.uint16, ... but no tf.uint."),
        error="AttributeError: module 'tensorflow' has no attribute 'unit'",
    ),
    Slip(
        "import tensorflow as tf",
        "tf.random.normal(3, 3)",
        "tf.random.normal((3, 3))",
        N_("TensorFlow takes the shape as one tuple or list; np.random.randn(3, 3) the lengths one by one."),
        error="shape must be a vector of {int32,int64}, got shape []",
    ),
    Slip(
        "import numpy as np\nimport tensorflow as tf",
        "tf.constant(np.array([1, 2, 3])) + tf.constant([1, 2, 3])",
        "tf.cast(tf.constant(np.array([1, 2, 3])), tf.int32) + tf.constant([1, 2, 3])",
        N_("numpy's default is int64, TensorFlow's is int32, and TensorFlow never converts on its own."),
        error="was expected to be a int64 tensor but is a int32 tensor",
    ),
    Slip(
        "import tensorflow as tf",
        "tf.constant([300], dtype=tf.uint8)",
        "tf.constant([300], dtype=tf.int32)",
        N_("300 does not fit in 8 bits. TensorFlow keeps the lowest 8 and says nothing."),
        result="[44]",
    ),
)

_IMAGE = "import tensorflow as tf\n\nimage = tf.zeros((1, 28, 28, 1))"
_CONV = "layer = tf.keras.layers.Conv2D(3, 3)"
_OUTPUT = (
    "import numpy as np\nimport tensorflow as tf\n\n"
    "output = tf.constant([[-2.0, -0.5, 3.0]])\n"
    "act_layer = tf.keras.layers.ReLU()\n"
    "act_output = act_layer(output)"
)
_MAPS = "import tensorflow as tf\n\nmaps = tf.zeros((1, 14, 14, 3))"
_UNITS = "import tensorflow as tf\n\nlayer = tf.keras.layers.Dropout(0.7, seed=0)\noutput = tf.ones((1, 8))"

# the ones that are made where a layer is made or looked into, by the layer's stage
LAYER_SLIPS: dict[str, tuple[Slip, ...]] = {
    "conv2d": (
        Slip(
            _IMAGE,
            "tf.keras.layers.Conv2D(3, 3)\nlayer(image)",
            f"{_CONV}\nlayer(image)",
            N_(
                "The first line makes a layer and hands it over; without `layer =` nobody keeps it. In a notebook it "
                "may be worse: there `layer` is still the one of an earlier cell, and no error says so."
            ),
            error="NameError: name 'layer' is not defined",
        ),
        Slip(
            _IMAGE,
            "tf.keras.layers.Conv2D(image)",
            "tf.keras.layers.Conv2D(3, 3)(image)",
            N_(
                "Two pairs of parentheses, two calls: the first makes a layer from its settings, the second gives it "
                "the image."
            ),
            error="missing 1 required positional argument: 'kernel_size'",
        ),
        Slip(
            f"import tensorflow as tf\n\n{_CONV}\nimage = tf.zeros((28, 28), tf.uint8)  # as in MNIST",
            "layer(tf.cast(image, tf.float32))",
            "layer(tf.cast(image, tf.float32)[tf.newaxis, ..., tf.newaxis])",
            N_(
                "A convolution takes [batch, height, width, channel], also for one grey image: the batch axis first, "
                "the channel axis last, both of length 1."
            ),
            error="expected min_ndim=4, found ndim=2",
        ),
        Slip(
            f"import tensorflow as tf\n\n{_CONV}\nimage = tf.zeros((1, 28, 28, 1), tf.uint8)",
            "layer(image)",
            "layer(tf.cast(image, tf.float32))",
            N_("The kernel is float32, and TensorFlow never multiplies it with whole numbers."),
            error="Incompatible type conversion requested to type uint8",
        ),
        Slip(
            f"import tensorflow as tf\n\n{_CONV}\nlayer.build((None, 28, 28, 1))\nweight = layer.get_weights()[0]",
            "weight[0].shape, weight[1].shape",
            "layer.get_weights()[0].shape, layer.get_weights()[1].shape",
            N_(
                "`[0]` twice: `weight` is already the kernel, so `weight[0]` and `weight[1]` are its first two rows. "
                "The kernel's shape is `weight.shape`, the bias is `get_weights()[1]`."
            ),
            result="((3, 1, 3), (3, 1, 3))",
        ),
    ),
    "activation": (
        Slip(
            _OUTPUT,
            "np.min(output)",
            "np.min(act_output)",
            N_(
                "After ReLU nothing is negative. The minimum still is: it was taken of the variable before it. Such a "
                "cell runs without an error and says something untrue."
            ),
            result="-2.0",
        ),
        Slip(
            _OUTPUT,
            "tf.keras.layers.ReLU(output)",
            "tf.keras.layers.ReLU()(output)",
            N_(
                "The first parentheses make the layer and take its settings, here none; only the second give it "
                "values. Keras took the tensor for `max_value` and could not compare it with a number."
            ),
            error="truth value of an array with more than one element is ambiguous",
        ),
    ),
    "pooling": (
        Slip(
            _MAPS,
            "tf.keras.layers.MaxPool2D(maps)",
            "tf.keras.layers.MaxPool2D((2, 2))(maps)",
            N_("The first parentheses are for the settings: Keras took the maps for `pool_size`."),
            error="The `pool_size` argument must be a tuple of 2 integers",
        ),
    ),
    "flatten": (
        Slip(
            f"{_MAPS}\nflatten = tf.keras.layers.Flatten()(maps)",
            "flatten[:, :, 100]",
            "flatten[:, 100]",
            N_(
                "After Flatten two axes are left, [batch, position], here (1, 588): height, width and channel are one "
                "row. `flatten[:, 100]` is its number 100, `flatten[:, :100]` are the first hundred."
            ),
            error="Index out of range using input dim 2; input has only 2 dims",
        ),
    ),
    "dense": (
        Slip(
            "import tensorflow as tf",
            'tf.keras.layers.Dense(32, avtivation="relu")',
            'tf.keras.layers.Dense(32, activation="relu")',
            N_(
                "The word is activation, with a c. Keras refuses names that it does not know, so this is found at once."
            ),
            error="Unrecognized keyword arguments passed to Dense: {'avtivation': 'relu'}",
        ),
        Slip(
            _MAPS,
            "tf.keras.layers.Dense(32)(maps).shape",
            "tf.keras.layers.Dense(32)(tf.keras.layers.Flatten()(maps)).shape",
            N_(
                "Without Flatten, Dense works along the last axis only: at every one of 14 × 14 places it weighs three "
                "channels, and never sees the picture as a whole. No error says so, the shape does."
            ),
            result="(1, 14, 14, 32)",
        ),
    ),
    "dropout": (
        Slip(
            _UNITS,
            "layer(output)",
            "layer(output, training=True)",
            N_(
                "Outside of training Dropout does nothing, and a call is not training unless you say so. `model.fit` "
                "says it for you; `predict` and `evaluate` do not."
            ),
            result="[[1. 1. 1. 1. 1. 1. 1. 1.]]",
        ),
    ),
}
