"""Loss and accuracy over the course of a training."""

from __future__ import annotations

import html
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from viz import palette
from viz.figures import figure

# the camera only: it saves the picture
CONFIG = {
    "displaylogo": False,
    "modeBarButtons": [["toImage"]],
    "toImageButtonOptions": {"format": "png", "scale": 2, "filename": "curves"},
}
_TITLES = {"loss": "loss", "accuracy": "accuracy"}
_AXES = {"epoch": "epochs", "seconds": "seconds of training", "seen": "training images seen"}


@dataclass(frozen=True, eq=False)
class Curve:
    """One run: a line over batches, and points over epochs for training and validation. x and y of the same length."""

    name: str
    batches: tuple[np.ndarray, np.ndarray]
    train: tuple[np.ndarray, np.ndarray]
    validation: tuple[np.ndarray, np.ndarray]


def one(curve: Curve, measure: str, axis: str = "epoch", end: float | None = None) -> go.Figure:
    """A single run in three traces; end: where the x axis ends, so that a growing curve does not rescale."""
    traces = [
        _line(curve.batches, "batch", palette.BATCHES, width=1),
        _points(curve.train, "training", palette.TRAIN, "solid", "circle"),
        _points(curve.validation, "validation", palette.VALIDATION, "dash", "diamond"),
    ]
    return _chart(traces, measure, axis, end)


def several(curves: list[Curve], measure: str, axis: str = "epoch") -> go.Figure:
    """Runs laid over each other: a colour a run, training solid, validation dashed."""
    traces = []
    for curve, colour in zip(curves, palette.RUNS, strict=False):
        if len(curve.batches[0]):
            traces.append(_line(curve.batches, curve.name, colour, width=1, opacity=0.35, legend=False))
        traces.append(_points(curve.train, f"{curve.name}, training", colour, "solid", "circle"))
        traces.append(_points(curve.validation, f"{curve.name}, validation", colour, "dash", "diamond"))
    chart = _chart(traces, measure, axis, None)
    # names are long: below the picture, one under the other
    chart.update_layout(
        height=300 + 20 * 2 * len(curves),
        legend={"orientation": "v", "y": -0.25, "x": 0, "yanchor": "top"},
        margin={"t": 28},
    )
    return chart


def collecting(alone, result, reported, chosen, measure: str, end: float) -> go.Figure:
    """A metric as it collects: each batch alone, `result()` after it, what each epoch reported, and the chosen batch.

    alone, result, reported: x and y in epochs; chosen: one x and y.
    """
    traces = [
        _line(alone, "batch alone", palette.BATCHES, width=1),
        _line(result, "result()", palette.TRAIN, width=2.5),
        go.Scatter(
            x=reported[0],
            y=reported[1],
            name="history",
            mode="markers",
            marker={"color": palette.VALIDATION, "size": 9, "symbol": "circle-open", "line": {"width": 2}},
            cliponaxis=False,  # the last one stands on the right end
            hovertemplate="%{y:.4f}<extra>history</extra>",
        ),
        go.Scatter(
            x=[chosen[0]],
            y=[chosen[1]],
            name="chosen batch",
            mode="markers",
            marker={"color": palette.TRAIN, "size": 11},
            cliponaxis=False,
            hovertemplate="%{y:.4f}<extra>chosen batch</extra>",
        ),
    ]
    chart = _chart(traces, measure, "epoch", end)
    chart.add_vline(chosen[0], line={"color": palette.GREY, "width": 1, "dash": "dot"})
    return chart


def as_page(title: str, charts: list[go.Figure]) -> bytes:
    """Charts in one HTML file that any browser opens, without a network: Plotly itself is in it."""
    parts = [
        chart.to_html(include_plotlyjs=number == 0, full_html=False, config=CONFIG)
        for number, chart in enumerate(charts)
    ]
    head = f'<!doctype html><meta charset="utf-8"><title>{html.escape(title)}</title><h1>{html.escape(title)}</h1>'
    return (head + "".join(parts)).encode()


def _line(points, name: str, colour: str, width: float, opacity: float = 1.0, legend: bool = True) -> go.Scatter:
    return go.Scatter(
        x=points[0],
        y=points[1],
        name=name,
        mode="lines",
        opacity=opacity,
        line={"color": colour, "width": width},
        showlegend=legend,
        hovertemplate="%{y:.4f}<extra>" + name + "</extra>",
    )


def _points(points, name: str, colour: str, dash: str, symbol: str) -> go.Scatter:
    return go.Scatter(
        x=points[0],
        y=points[1],
        name=name,
        mode="lines+markers",
        line={"color": colour, "width": 2.5, "dash": dash},
        marker={"color": colour, "size": 7, "symbol": symbol},
        hovertemplate="%{y:.4f}<extra>" + name + "</extra>",
    )


def _chart(traces: list, measure: str, axis: str, end: float | None) -> go.Figure:
    chart = figure(*traces, height=280, x_title=_AXES[axis], y_title=_TITLES[measure], showlegend=True)
    chart.update_layout(
        margin={"l": 56, "t": 32},
        legend={"orientation": "h", "y": 1.02, "x": 0, "yanchor": "bottom"},
        xaxis={"range": [0, end] if end else None, "rangemode": "tozero"},
        yaxis={"tickformat": ".0%"} if measure == "accuracy" else {"rangemode": "tozero"},
        uirevision="keep",
    )
    return chart
