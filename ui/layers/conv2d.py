"""What the Conv2D page says beside its picture: the scale of the image, and the layer written in short."""

from __future__ import annotations

import streamlit as st

from core.layers import Conv2D
from core.network.activations import LayerResult
from core.network.network import Network
from core.tensors import statistics
from ui.layers import cached, settings
from ui.shared import controls, digit, text

PADDING_HELP = (
    "`padding`: valid has none, so the map is smaller than the picture; same adds zeros around it, so that with stride "
    '1 the map is as large. Keras reads "SAME" as "same".'
)


def pixels_choice() -> None:
    """The image divided by 255, or as it is stored."""
    controls.choice(
        "conv_pixels",
        "Image values",
        "MNIST is stored as whole numbers from 0 to 255. Networks get it divided by 255: see here what the same layer "
        "does without that.",
        names=settings.PIXELS,
    )


def unscaled(result: LayerResult) -> None:
    """With the image as it is stored: what the same layer makes of the scaled one, and why that is wanted."""
    if settings.scaled():
        return
    sample, walk = digit.current(), settings.walk()
    scaled = cached.result((result.spec,), sample.split, sample.index)
    stored, small = map(statistics.summary, (result.outputs, scaled.outputs))
    st.markdown(
        f"**The image as stored, 0 to 255**: outputs from `{text.number(stored.minimum)}` to "
        f"`{text.number(stored.maximum)}`. Divided by 255, the same layer gives `{text.number(small.minimum)}` to "
        f"`{text.number(small.maximum)}`. Start weights are drawn for inputs about as large as 1, and a weight's "
        f"gradient is its input times an error: sums and training steps grow with the image. {_certainty(walk)}"
    )


def _certainty(walk: Network) -> str:
    """The largest probability that the last layer gives, for both images; nothing where none come out."""
    if walk["output"].activation != "softmax" or walk.trace()[-1].problem:
        return ""
    sample = digit.current()
    stored, scaled = (
        cached.result(walk.upto("output"), sample.split, sample.index, scaled).outputs for scaled in (False, True)
    )
    return (
        "Of the ten probabilities at the end of the walk, whose weights have learned nothing, the largest is "
        f"`{stored.max():.3f}`; for the scaled image it is `{scaled.max():.3f}`."
    )


def short_form(spec: Conv2D) -> None:
    """The call as tutorials write it, and which number is what."""
    st.markdown("**In short, with arguments by their position**")
    st.code(spec.as_positional_code(), language="python")
    st.caption(
        f"In this order: `filters` {spec.filters}, `kernel_size` {_short(spec.kernel_size)}, `strides` "
        f'{_short(spec.strides)}, `padding`. Keras reads "SAME" and "same" as the same word. All that follows is '
        "better given by name."
    )


def _short(pair: tuple[int, int]) -> str:
    return f"{pair[0]}, short for {pair}" if pair[0] == pair[1] else str(pair)
