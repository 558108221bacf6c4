"""What becomes of `Input(dtype=tf.float64)`: a script, and what it prints."""

from __future__ import annotations

from words import N_

# its comments, see `core.lessons.comments`
COMMENTS = (N_("float32, as Keras has it"), N_("float64, as numpy makes it"))
SCRIPT = """\
import numpy as np
import tensorflow as tf

layers = tf.keras.layers
double = layers.Input(shape=(28, 28, 1), dtype=tf.float64)
single = layers.Input(shape=(28, 28, 1))  # float32, as Keras has it
conv = layers.Conv2D(3, 3)
image = np.random.default_rng(0).random((1, 28, 28, 1))  # float64, as numpy makes it

print("Input:", double.dtype)
print("output of Conv2D:", conv(double).dtype)
print("it computes in:", conv.compute_dtype)
print("its kernel:", conv.kernel.dtype)

answers = [tf.keras.Model(inputs, conv(inputs))(image) for inputs in (double, single)]
print("the same answer from both:", np.allclose(*answers, rtol=1e-6))

print('output of Conv2D(dtype="float64"):', layers.Conv2D(3, 3, dtype="float64")(double).dtype)"""
PRINTS = """\
Input: float64
output of Conv2D: float32
it computes in: float32
its kernel: float32
the same answer from both: True
output of Conv2D(dtype="float64"): float64"""
