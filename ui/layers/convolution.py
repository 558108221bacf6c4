"""Knobs that all layers have which slide kernels of their own over maps; see core/layers/convolution.py."""

from __future__ import annotations

from collections.abc import Callable

from core.layers.layer import Layer
from ui.layers import sections
from ui.layers.face import Knob, always
from words import N_

STRIDES = Knob(
    "strides", N_("Strides"), N_("`strides`: pixels from window to window. 1 is short for (1, 1)."), low=1, high=8
)
MORE = (
    Knob("padding", N_("Padding"), sections.PADDING_HELP, names={"same": N_("Same"), "valid": N_("Valid")}),
    Knob(
        "dilation_rate",
        N_("Dilation"),
        N_("`dilation_rate`: pixels from weight to weight. 1: side by side."),
        "dilation",
        1,
        5,
    ),
    Knob("use_bias", N_("Bias")),
    Knob("bias", N_("Bias value"), sections.BIAS_HELP, low=-1.0, high=1.0, step=0.05, when=sections.has_bias),
)


def kernel_size(when: Callable[[Layer], bool] = always) -> Knob:
    """The size of the window. when: whether a layer has use for it."""
    said = N_("`kernel_size`: the window in pixels. 3 is short for (3, 3).")
    return Knob("kernel_size", N_("Kernel"), said, "kernel", 1, 11, when=when)
