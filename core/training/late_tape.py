"""What a tape gives that was opened too late."""

from __future__ import annotations

GRADIENTS = ("a number", "None", "an error")


def late_gradient() -> str:
    """What `tape.gradient(loss, w)` is where the loss was computed before the tape was open: one of GRADIENTS."""
    import tensorflow as tf

    w = tf.Variable(2.0)
    loss = w**2
    with tf.GradientTape() as tape:
        pass
    number, nothing, error = GRADIENTS
    try:
        return nothing if tape.gradient(loss, w) is None else number
    except (TypeError, ValueError, RuntimeError):
        return error
