"""A kernel of one pixel with strides larger than 1 looks at every other pixel, so those are taken first.

The answer is the same, and no gradient is computed by the part of oneDNN that writes past its memory for such a layer
with few input channels (github.com/uxlfoundation/oneDNN/issues/6035; TensorFlow 2.21, CPUs with AVX2 or AVX-512): the
process dies at once, or somewhere later, or learns from what happens to lie there. In a server that is everybody's.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.libraries import wrapped


def applies(kernel_size: Iterable[int], strides: Iterable[int]) -> bool:
    """Whether it is such a layer."""
    return max(kernel_size) == 1 < max(strides)


def first() -> None:
    """From now on every `keras.layers.Conv2D` of this process does so, also one that comes from a file."""
    import keras

    wrapped.once(keras.layers.Conv2D, "convolution_op", _every_other_first)


def _every_other_first(convolution: Any) -> Any:
    from keras import ops

    def convolution_op(self: Any, inputs: Any, kernel: Any) -> Any:
        if not applies(self.kernel_size, self.strides) or self.data_format != "channels_last":
            return convolution(self, inputs, kernel)
        rows, columns = self.strides
        # "same" adds nothing around a window of one pixel, so the padding does not matter
        return ops.conv(inputs[:, ::rows, ::columns], kernel, padding="valid", data_format="channels_last")

    return convolution_op
