"""Slips of the keyboard that tutorials are full of: what Python says, and what was meant."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Slip:
    """`setup` runs first; then `wrong` raises an error that contains `error`, where `right` works.

    Where `error` is empty, `wrong` runs without a word and gives `result`, not what was meant.
    """

    setup: str
    wrong: str
    right: str
    why: str
    error: str = ""
    result: str = ""


TENSOR = "import tensorflow as tf\n\ntensor = tf.constant([1, 2, 3])"
ARRAY = "import numpy as np\n\narr = np.array([1, 2, 3], dtype=np.float32)"

SLIPS = (
    Slip(
        TENSOR,
        "tensor.shape()",
        "tensor.shape",
        "The shape is a value that the tensor carries, not a function: no parentheses.",
        error="TypeError: 'TensorShape' object is not callable",
    ),
    Slip(
        ARRAY,
        "arr.astype(np.unit8)",
        "arr.astype(np.uint8)",
        "uint8 is short for unsigned integer of 8 bits: u, int, 8.",
        error="AttributeError: module 'numpy' has no attribute 'unit8'",
    ),
    Slip(
        TENSOR,
        "tf.cast(tensor, dtype=tf.unit)",
        "tf.cast(tensor, dtype=tf.uint8)",
        "Besides the letters, the size is missing: tf.uint8, tf.uint16, ... but no tf.uint.",
        error="AttributeError: module 'tensorflow' has no attribute 'unit'",
    ),
    Slip(
        "import tensorflow as tf",
        "tf.random.normal(3, 3)",
        "tf.random.normal((3, 3))",
        "TensorFlow takes the shape as one tuple or list; np.random.randn(3, 3) the lengths one by one.",
        error="shape must be a vector of {int32,int64}, got shape []",
    ),
    Slip(
        "import numpy as np\nimport tensorflow as tf",
        "tf.constant(np.array([1, 2, 3])) + tf.constant([1, 2, 3])",
        "tf.cast(tf.constant(np.array([1, 2, 3])), tf.int32) + tf.constant([1, 2, 3])",
        "numpy's default is int64, TensorFlow's is int32, and TensorFlow never converts on its own.",
        error="was expected to be a int64 tensor but is a int32 tensor",
    ),
    Slip(
        "import tensorflow as tf",
        "tf.constant([300], dtype=tf.uint8)",
        "tf.constant([300], dtype=tf.int32)",
        "300 does not fit in 8 bits. TensorFlow keeps the lowest 8 and says nothing.",
        result="[44]",
    ),
)
