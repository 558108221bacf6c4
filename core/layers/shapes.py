"""Output sizes, padding amounts, and the map between output cells and input windows.

Integers only and no imports beyond the standard library: one `Axis` is everything that a convolution or a
pooling layer does to the height, another one everything it does to the width.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

PADDINGS = ("valid", "same")


@dataclass(frozen=True)
class Axis:
    """One spatial axis of a convolution or pooling layer.

    size: input pixels along this axis; kernel: kernel or pool size; stride: pixels from one window to the
    next; padding: "valid" (none) or "same" (windows reach beyond the ends, so that the output has
    ceil(size / stride) cells; there a convolution reads zeros, and a pooling nothing); dilation: distance between
    two taps of the kernel (1 = neighbours).
    """

    size: int
    kernel: int
    stride: int = 1
    padding: str = "valid"
    dilation: int = 1

    @property
    def extent(self) -> int:
        """Input pixels that a window spans, gaps of the dilation included."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def output(self) -> int:
        """Number of windows; 0 or less where the kernel does not fit.

        "same" is TensorFlow's rule, see tf.nn.convolution: ceil(size / stride), whatever the kernel.
        """
        if self.padding == "same":
            return -(-self.size // self.stride)
        return (self.size - self.extent) // self.stride + 1

    def fitted(self) -> Axis:
        """This axis with the nearest window that fits: closer taps first, so that a kernel keeps its weights, then
        fewer of them."""
        if self.padding == "same" or self.extent <= self.size:
            return self
        if self.kernel <= self.size:
            return replace(self, dilation=(self.size - 1) // (self.kernel - 1))
        return replace(self, kernel=self.size, dilation=1)

    @property
    def pad_total(self) -> int:
        """Positions beyond this axis that windows reach, both ends together."""
        if self.padding == "valid":
            return 0
        return max((self.output - 1) * self.stride + self.extent - self.size, 0)

    @property
    def pad_before(self) -> int:
        """Those at the start (top or left); TensorFlow puts the odd one at the end."""
        return self.pad_total // 2

    @property
    def pad_after(self) -> int:
        """Those at the end (bottom or right)."""
        return self.pad_total - self.pad_before

    def window(self, cell: int) -> range:
        """Input positions that output cell `cell` reads; below 0 or from `size` on they are padding."""
        start = cell * self.stride - self.pad_before
        return range(start, start + self.extent, self.dilation)

    def formula(self) -> str:
        """The output size worked out with this axis' numbers, e.g. `⌊(28 + 2·1 − 3) / 2⌋ + 1 = 14`.

        The general form is ⌊(size + padding − extent) / stride⌋ + 1 (Dumoulin & Visin 2016, "A guide to
        convolution arithmetic for deep learning"); it covers "same" too, with the padding Keras adds.
        """
        extent = str(self.kernel) if self.dilation == 1 else f"({self.dilation}·({self.kernel} − 1) + 1)"
        return f"⌊({self.size}{self._padding_term()} − {extent}) / {self.stride}⌋ + 1 = {self.output}"

    def _padding_term(self) -> str:
        if self.pad_total == 0:
            return "" if self.padding == "valid" else " + 0"
        if self.pad_before == self.pad_after:
            return f" + 2·{self.pad_before}"
        return f" + {self.pad_before} + {self.pad_after}"
