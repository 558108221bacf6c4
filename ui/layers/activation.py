"""The curve with this input's values on it, and the maps that died."""

from __future__ import annotations

import streamlit as st

from core.layers import Activation
from core.network.activations import LayerResult
from core.tensors import statistics
from ui.layers import cached
from viz import curves
from viz.figures import CONFIG


def curve(result: LayerResult) -> None:
    """Both come from Keras: the line from evenly spaced values, the points from the real ones."""
    points = statistics.spread_pairs(result.inputs, result.outputs)
    low, high = min(float(points[0][0]), -1.0), max(float(points[0][-1]), 1.0)
    line = cached.activation_curve(result.spec, round(low, 2), round(high, 2))
    st.plotly_chart(curves.activation(*line, *points, result.spec.activation), config=CONFIG, key="activation_curve")
    st.caption(f"{len(points[0])} of this input's {result.inputs.size:,} values, evenly spread from least to greatest.")


def other_ways(spec: Activation) -> None:
    """The same function in the other two forms that code has for it."""
    if spec.has_parameter:
        return
    st.caption(
        f'The same by its name: `Activation("{spec.activation}")`; as an argument of the layer before: '
        f'`Conv2D(…, activation="{spec.activation}")`.'
    )


def dead_maps(result: LayerResult) -> None:
    """Which maps are zero everywhere after this activation."""
    dead = result.dead_maps
    names = ", ".join(map(str, dead.nonzero()[0]))
    if dead.any():
        st.markdown(
            f"**{dead.sum()} of {dead.size} maps died**: map {names}. Every value is 0, so nothing behind them sees "
            "anything of this digit there."
        )
    else:
        st.markdown(f"**No map died**: each of the {dead.size} has values other than 0.")
