"""Histograms as bars of counts that were made in numpy: raw values never travel to the browser."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from viz import palette
from viz.figures import GRID, figure
from words import _


def before_after(before: np.ndarray, after: np.ndarray, edges: np.ndarray, log: bool = False) -> go.Figure:
    """Two histograms over the same bins, one above the other. before, after: (bins,) counts; edges: (bins + 1,).

    log: counts on a logarithmic axis, for layers where nearly everything is zero.
    """
    kind = "log" if log else "linear"
    grid = {"gridcolor": GRID, "zeroline": False}
    counts = {**grid, "type": kind, "dtick": 1} if log else {**grid, "type": kind}
    values = {**grid, "range": [edges[0], edges[-1]]}
    return figure(
        _bars(before, edges, _("input"), ""),
        _bars(after, edges, _("output"), "2"),
        height=260,
        checked=False,
        xaxis={**values, "anchor": "y", "showticklabels": False},
        xaxis2={**values, "anchor": "y2", "title": {"text": _("value")}},
        yaxis={**counts, "domain": [0.55, 1], "title": {"text": _("input")}},
        yaxis2={**counts, "domain": [0, 0.45], "title": {"text": _("output")}},
    )


def _bars(counts: np.ndarray, edges: np.ndarray, name: str, axis: str) -> dict:
    centres = (edges[:-1] + edges[1:]) / 2
    negative, positive = palette.SIGNS["activations"]
    return {
        "type": "bar",
        "x": centres,
        "y": counts,
        "width": np.diff(edges),
        "name": name,
        "xaxis": f"x{axis}",
        "yaxis": f"y{axis}",
        "marker": {"color": [negative if centre < 0 else positive for centre in centres], "line": {"width": 0}},
        "customdata": np.stack([edges[:-1], edges[1:]], axis=-1),
        "hovertemplate": _("%{y} values from %{customdata[0]:.3f} to %{customdata[1]:.3f}") + f"<extra>{name}</extra>",
    }
