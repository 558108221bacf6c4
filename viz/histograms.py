"""Histograms as bars of counts that were made in numpy: raw values never travel to the browser."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from viz import palette
from viz.figures import figure


def before_after(before: np.ndarray, after: np.ndarray, edges: np.ndarray, log: bool = False) -> go.Figure:
    """Two histograms over the same bins, one above the other. before, after: (bins,) counts; edges: (bins + 1,).

    log: counts on a logarithmic axis, for layers where nearly everything is zero.
    """
    chart = figure(
        *(
            _bars(counts, edges, name, axis)
            for counts, name, axis in ((before, "input", ""), (after, "output", "2"))
        ),
        height=260,
    )
    kind = "log" if log else "linear"
    grid = "rgba(128, 128, 128, 0.2)"
    chart.update_layout(
        xaxis={"anchor": "y", "showticklabels": False, "range": [edges[0], edges[-1]], "gridcolor": grid},
        xaxis2={
            "anchor": "y2",
            "title": {"text": "value"},
            "range": [edges[0], edges[-1]],
            "gridcolor": grid,
        },
        yaxis={"domain": [0.55, 1], "title": {"text": "input"}, "type": kind, "gridcolor": grid},
        yaxis2={"domain": [0, 0.45], "title": {"text": "output"}, "type": kind, "gridcolor": grid},
    )
    return chart


def _bars(counts: np.ndarray, edges: np.ndarray, name: str, axis: str) -> go.Bar:
    centres = (edges[:-1] + edges[1:]) / 2
    negative, positive = palette.SIGNS["activations"]
    return go.Bar(
        x=centres,
        y=counts,
        width=np.diff(edges),
        name=name,
        xaxis=f"x{axis}",
        yaxis=f"y{axis}",
        marker={"color": [negative if centre < 0 else positive for centre in centres], "line": {"width": 0}},
        customdata=np.stack([edges[:-1], edges[1:]], axis=-1),
        hovertemplate="%{y} values from %{customdata[0]:.3f} to %{customdata[1]:.3f}<extra>"
        + name
        + "</extra>",
    )
