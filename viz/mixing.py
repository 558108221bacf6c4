"""Where the elements of a shuffled stream came from."""

from __future__ import annotations

import math

import numpy as np
import plotly.graph_objects as go

from viz import palette
from viz.figures import figure
from words import _

_MOST_POINTS = 1500


def order(order: np.ndarray, buffer_size: int) -> go.Figure:
    """Position in the stream against original index; the line is the furthest that the buffer reaches ahead."""
    n = len(order)
    positions = np.arange(0, n, math.ceil(n / _MOST_POINTS))
    reach = np.array([0, max(n - buffer_size, 0), n - 1])
    chart = figure(
        go.Scatter(
            x=positions,
            y=order[positions],
            mode="markers",
            name=_("images"),
            marker={"size": 4, "color": palette.AFTER, "opacity": 0.7},
            hovertemplate=_("position %{x:,} holds image %{y:,}") + "<extra></extra>",
        ),
        go.Scatter(
            x=reach,
            y=np.minimum(reach + buffer_size - 1, n - 1),
            mode="lines",
            name=_("last image in the buffer"),
            line={"color": palette.GREY, "width": 1.5, "dash": "dash"},
            hoverinfo="skip",
        ),
        height=360,
        x_title=_("position in the stream"),
        y_title=_("original index"),
        showlegend=True,
    )
    chart.update_layout(
        margin={"l": 64, "t": 28},
        legend={"orientation": "h", "y": 1.1, "x": 0},
        xaxis={"tickformat": ",d"},
        yaxis={"tickformat": ",d"},
    )
    return chart
