"""What pooling kept, and the same window taken by maximum and by mean."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from core.layers import steps
from core.network.activations import LayerResult
from ui.layers import sections, settings
from ui.shared import pictures, state, text, theme
from viz import palette, walls

PADDING_HELP = (
    "`padding`: valid uses only windows that lie inside; same also those that reach beyond the border, and takes what "
    'of them is inside. Keras reads "SAME" as "same".'
)
_OTHER = {"max": "average", "average": "max"}


def kept(result: LayerResult) -> None:
    """How many numbers are left, and how many different input pixels the maxima came from."""
    share = result.outputs.size / result.inputs.size
    text = f"{result.inputs.size:,} numbers become {result.outputs.size:,} ({share:.0%})."
    if result.spec.kind == "max":
        axes = result.spec.axes(result.inputs.shape)
        chosen = steps.winners(result.inputs, axes)
        different = sum(len(np.unique(chosen[..., channel])) for channel in range(chosen.shape[-1]))
        text += f" They come from {different:,} different input pixels; where several are equal, the first wins."
    st.markdown(text)


def compare(result: LayerResult) -> None:
    """The chosen map pooled both ways, in the same colours."""
    *before, spec = settings.walk().upto("pooling")
    other = sections.compute((*before, replace(spec, kind=_OTHER[spec.kind])))
    both = {result.spec.kind: result.outputs, other.spec.kind: other.outputs}
    channel = min(state.get("pool_map"), result.outputs.shape[-1] - 1)
    # below zero the mean reaches further than the maximum
    span = palette.symmetric(np.stack([values[..., channel] for values in both.values()]), "both")
    st.subheader("Maximum beside average", anchor=False)
    with st.container(horizontal=True, gap="medium"):
        for kind, name in (("max", "Maximum"), ("average", "Average")):
            values = both[kind][..., channel]
            image = palette.colourise(values, span, "activations", theme.kind())
            with st.container(width="content", gap="xsmall"):
                st.markdown(f"**{name}** of map {channel}")
                pictures.show(
                    walls.picture(image, max(1, 168 // max(values.shape))),
                    alt=f"Map {channel}, pooled: {name}",
                )
                st.caption(f"mean {text.number(values.mean())}, max {text.number(values.max())}")
    st.caption(f"{text.colours(span.low, span.high)}, in both pictures.")
