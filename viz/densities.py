"""A histogram of density 1 with the curve it should approach."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from viz import palette
from viz.figures import figure
from words import _


def histogram(
    density: np.ndarray,
    counts: np.ndarray,
    edges: np.ndarray,
    curve_x: np.ndarray,
    curve_y: np.ndarray,
) -> go.Figure:
    """Bars: what was drawn (density and counts: (bins,), edges: (bins + 1,)). Line: the distribution itself."""
    chart = figure(
        go.Bar(
            x=(edges[:-1] + edges[1:]) / 2,
            y=density,
            width=np.diff(edges),
            name=_("drawn"),
            marker={"color": palette.BEFORE, "line": {"width": 0}},
            customdata=np.stack([edges[:-1], edges[1:], counts], axis=-1),
            hovertemplate=_("%{customdata[2]:,} numbers from %{customdata[0]:.3f} to %{customdata[1]:.3f}")
            + "<extra>"
            + _("drawn")
            + "</extra>",
        ),
        go.Scatter(
            x=curve_x,
            y=curve_y,
            mode="lines",
            name=_("the distribution"),
            line={"color": palette.AFTER, "width": 2.5},
            hovertemplate=_("density %{y:.4f} at %{x:.3f}") + "<extra>" + _("the distribution") + "</extra>",
        ),
        height=300,
        x_title=_("value"),
        y_title=_("density"),
        showlegend=True,
    )
    chart.update_layout(legend={"orientation": "h", "y": 1.12, "x": 0}, margin={"t": 28})
    return chart
