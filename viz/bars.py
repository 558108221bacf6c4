"""Bars: contributions ranked, units side by side, probabilities."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from viz import palette
from viz.figures import figure
from words import N_, _

# what values are of; said with `_`
_OF = {"unit": N_("unit"), "map": N_("map")}
_NEGATIVE, _POSITIVE = palette.SIGNS["activations"]


def _signed(values: np.ndarray) -> list[str]:
    return [_NEGATIVE if value < 0 else _POSITIVE for value in values]


def contributions(labels: list[str], values: np.ndarray, details: list[str]) -> go.Figure:
    """Horizontal bars, the first on top; details: one hover text a bar. labels must differ from each other."""
    chart = figure(
        go.Bar(
            x=values,
            y=labels,
            orientation="h",
            marker={"color": _signed(values)},
            customdata=details,
            hovertemplate="%{customdata}<extra></extra>",
        ),
        height=60 + 20 * len(labels),
        x_title=_("input × weight"),
    )
    chart.update_layout(
        margin={"l": 110}, yaxis={"autorange": "reversed", "type": "category", "tickfont": {"size": 11}}
    )
    return chart


def units(values: np.ndarray, chosen: int | None = None, of: str = "unit") -> go.Figure:
    """One bar a unit, or whatever the values are `of`, in order; the chosen one is outlined."""
    of = _(_OF.get(of, of))
    widths = [2 if i == chosen else 0 for i in range(len(values))]
    chart = figure(
        go.Bar(
            x=np.arange(len(values)),
            y=values,
            marker={"color": _signed(values), "line": {"width": widths, "color": palette.GREY}},
            hovertemplate=of + " %{x}: %{y:.4g}<extra></extra>",
        ),
        height=180,
        x_title=of,
        y_title=_("output"),
    )
    chart.update_layout(xaxis={"range": [-0.6, len(values) - 0.4]})
    return chart


def before_after(before: np.ndarray, after: np.ndarray) -> go.Figure:
    """Two bars a unit: the value that went in, grey, and the one that came out, orange."""
    chart = figure(
        *(
            go.Bar(
                x=np.arange(len(values)),
                y=values,
                name=name,
                marker={"color": colour},
                hovertemplate=_("unit") + " %{x}: %{y:.4g}<extra>" + name + "</extra>",
            )
            for values, name, colour in ((before, _("input"), palette.BEFORE), (after, _("output"), palette.AFTER))
        ),
        height=240,
        x_title=_("unit"),
        y_title=_("value"),
        showlegend=True,
    )
    chart.update_layout(barmode="group", legend={"orientation": "h", "y": 1.15, "x": 0})
    return chart
