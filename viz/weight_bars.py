"""The weights of a layer as a histogram, with the range that they were first drawn from."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from viz import palette
from viz.figures import figure
from words import _


def histogram(counts: np.ndarray, edges: np.ndarray, limit: float) -> go.Figure:
    """Bars: counts (bins,) of weights over edges (bins + 1,). Line: where as many weights would lie if they were
    still spread evenly from −limit to limit, as they were drawn."""
    widths = np.diff(edges)
    level = counts.sum() * widths.mean() / (2 * limit)
    negative, positive = palette.SIGNS["weights"]
    centres = (edges[:-1] + edges[1:]) / 2
    chart = figure(
        go.Bar(
            x=centres,
            y=counts,
            width=widths,
            name=_("now: purple below 0, green above"),
            marker={"color": [negative if centre < 0 else positive for centre in centres], "line": {"width": 0}},
            customdata=np.stack([edges[:-1], edges[1:]], axis=-1),
            hovertemplate=_("%{y:,} weights from %{customdata[0]:.3f} to %{customdata[1]:.3f}")
            + "<extra>"
            + _("now")
            + "</extra>",
        ),
        go.Scatter(
            x=[-limit, -limit, limit, limit],
            y=[0, level, level, 0],
            mode="lines",
            name=_("as drawn, on average"),
            line={"color": palette.GREY, "width": 2},
            hovertemplate=_("drawn evenly from −%{customdata:.3f} to %{customdata:.3f}") + "<extra></extra>",
            customdata=[limit] * 4,
        ),
        height=260,
        x_title=_("weight"),
        y_title=_("count"),
        showlegend=True,
    )
    chart.update_layout(legend={"orientation": "h", "y": 1.12, "x": 0}, margin={"t": 28})
    return chart
