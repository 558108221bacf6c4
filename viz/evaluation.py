"""Figures of the Evaluate page: mistakes of each digit, and how far confidence can be trusted."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from viz import palette
from viz.figures import figure
from words import _

_LEGEND = {"orientation": "h", "y": 1.15, "x": 0}


def mistakes(missed: np.ndarray, mistaken_for: np.ndarray, details: list[tuple[str, str]]) -> go.Figure:
    """Two bars a digit: its images that were taken for another, and images of others that were taken for it.

    Both are counts (10,); details: the hover text of both bars of a digit.
    """
    digits = [str(digit) for digit in range(len(missed))]
    bars = (
        (
            missed,
            _("images of the digit that were taken for another"),
            _("digit %{x}: %{y:,} images of the digit that were taken for another"),
            palette.BEFORE,
            0,
        ),
        (
            mistaken_for,
            _("images of another that were taken for the digit"),
            _("digit %{x}: %{y:,} images of another that were taken for the digit"),
            palette.AFTER,
            1,
        ),
    )
    chart = figure(
        *(
            go.Bar(
                x=digits,
                y=counts,
                name=name,
                marker={"color": colour},
                customdata=[pair[which] for pair in details],
                hovertemplate=hover + "<br>%{customdata}<extra></extra>",
            )
            for counts, name, hover, colour, which in bars
        ),
        height=280,
        x_title=_("digit"),
        y_title=_("mistakes"),
        showlegend=True,
    )
    chart.update_layout(
        barmode="group",
        legend={**_LEGEND, "y": 1.25},
        margin={"t": 44},
        xaxis={"type": "category"},
        yaxis={"tickformat": ",d"},
    )
    return chart


def reliability(edges: np.ndarray, confidence: np.ndarray, accuracy: np.ndarray, count: np.ndarray) -> go.Figure:
    """Bars: the share of right answers in each bin of confidence; points: the mean confidence there.

    edges: (bins + 1,) from 0 to 1; the others (bins,), NaN where a bin is empty.
    """
    filled = count > 0
    low, high = edges[:-1][filled], edges[1:][filled]
    text = [
        "<br>".join(
            (
                _("confidence {low:.0%} to {high:.0%}: {count:,} answers", low=a, high=b, count=n),
                _("mean confidence {share:.2%}", share=c),
                _("right {share:.2%}", share=r),
            )
        )
        for a, b, n, c, r in zip(low, high, count[filled], confidence[filled], accuracy[filled], strict=True)
    ]
    chart = figure(
        go.Bar(
            x=(low + high) / 2,
            y=accuracy[filled],
            width=high - low,
            name=_("right answers"),
            # light enough for the diagonal to be seen across the bars
            marker={"color": palette.BEFORE, "opacity": 0.45, "line": {"width": 1, "color": palette.GREY}},
            customdata=text,
            hovertemplate="%{customdata}<extra></extra>",
        ),
        go.Scatter(
            x=[0, 1],
            y=[0, 1],
            mode="lines",
            name=_("as sure as right"),
            line={"color": palette.GREY, "dash": "dot"},
            hoverinfo="skip",
        ),
        go.Scatter(
            x=confidence[filled],
            y=confidence[filled],
            mode="markers",
            name=_("mean confidence"),
            marker={"color": palette.AFTER, "size": 9},
            customdata=text,
            hovertemplate="%{customdata}<extra></extra>",
        ),
        height=330,
        x_title=_("confidence"),
        y_title=_("share"),
        showlegend=True,
    )
    percent = {"range": [0, 1.04], "tickformat": ".0%"}
    chart.update_layout(legend=_LEGEND, margin={"t": 32}, xaxis=percent, yaxis=percent)
    return chart


def answers(edges: np.ndarray, count: np.ndarray) -> go.Figure:
    """How many answers each bin of confidence holds, on a logarithmic axis; edges (bins + 1,), count (bins,)."""
    chart = figure(
        go.Bar(
            x=(edges[:-1] + edges[1:]) / 2,
            y=count,
            width=np.diff(edges),
            marker={"color": palette.BEFORE, "line": {"width": 1, "color": "rgba(128, 128, 128, 0.6)"}},
            text=[f"{number:,}" if number else "" for number in count],
            textposition="outside",
            cliponaxis=False,
            hovertemplate=_("%{y:,} answers") + "<extra></extra>",
        ),
        height=170,
        x_title=_("confidence"),
        y_title=_("answers"),
    )
    decades = np.log10(max(count.max(), 1)) + 0.4
    chart.update_layout(
        margin={"t": 20},
        xaxis={"range": [0, 1.04], "tickformat": ".0%"},
        yaxis={"type": "log", "range": [-0.3, decades], "dtick": 1},
    )
    return chart
