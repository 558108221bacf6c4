"""Loss and accuracy over the course of a training."""

from __future__ import annotations

import html
import math
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from viz import palette
from viz.figures import figure, inked
from words import N_, _

# x and y of a line
Line = tuple[np.ndarray, np.ndarray]

# the camera only: it saves the picture
CONFIG = {
    "displaylogo": False,
    "modeBarButtons": [["toImage"]],
    "toImageButtonOptions": {"format": "png", "scale": 2, "filename": "curves"},
}
# a loss whose largest value is this many times its smallest is drawn on a logarithmic axis
_DECADES = 100.0
_MOST_TICKS = 6
# around a single value, or values that are all the same, Plotly would take as much again: -75 % to 125 % of accuracy
_ACCURACY_AXIS = {"tickformat": ".0%", "autorangeoptions": {"clipmin": 0, "clipmax": 1.04}}
# what stands on the axes; said with `_`
_AXES = {"epoch": N_("epochs"), "seconds": N_("seconds of training"), "seen": N_("training images seen")}
_MEASURES = {"loss": N_("loss"), "accuracy": N_("accuracy")}


@dataclass(frozen=True, eq=False)
class Curve:
    """One run: a line over batches, and points over epochs for training and validation. x and y of the same length.

    colour: of the run, one of `palette.RUNS`.
    """

    name: str
    colour: str
    batches: tuple[np.ndarray, np.ndarray]
    train: tuple[np.ndarray, np.ndarray]
    validation: tuple[np.ndarray, np.ndarray]


def one(curve: Curve, measure: str, axis: str = "epoch", end: float | None = None) -> go.Figure:
    """A single run in three traces; end: where the x axis ends, so that a growing curve does not rescale."""
    return _chart(_traces(curve, (_("batch"), _("training"), _("validation"))), measure, axis, end)


def several(curves: list[Curve], measure: str, axis: str = "epoch") -> go.Figure:
    """Runs laid over each other."""
    traces = []
    for curve in curves:
        name = html.escape(curve.name, quote=False)  # Plotly reads some HTML, links too
        names = (name, _("{run}, training", run=name), _("{run}, validation", run=name))
        batches, *epochs = _traces(curve, names)
        batches.showlegend = False
        traces += [batches, *epochs] if len(curve.batches[0]) else epochs
    chart = _chart(traces, measure, axis, None)
    # names are long: below the picture, one under the other
    chart.update_layout(
        height=300 + 20 * 2 * len(curves),
        legend={"orientation": "v", "y": -0.25, "x": 0, "yanchor": "top"},
        margin={"t": 28},
    )
    return chart


def _traces(curve: Curve, names: tuple[str, str, str]) -> list[go.Scatter]:
    """In the run's colour: batches thin, training solid, validation dashed."""
    return [
        _line(curve.batches, names[0], curve.colour, width=1, opacity=0.5),
        _points(curve.train, names[1], curve.colour, "solid", "circle"),
        _points(curve.validation, names[2], curve.colour, "dash", "diamond"),
    ]


def collecting(
    alone: Line,
    result: Line,
    reported: Line,
    chosen: tuple[float, float],
    measure: str,
    end: float,
    colour: str,
) -> go.Figure:
    """A metric as it collects: each batch alone, `result()` after it, what each epoch reported, and the chosen batch.

    alone, result, reported: x and y in epochs; chosen: one x and y; colour: of the run.
    """
    traces = [
        _line(alone, _("batch alone"), palette.BATCHES, width=1),
        _line(result, "result()", colour, width=2.5),
        go.Scatter(
            x=reported[0],
            y=reported[1],
            name="history",
            mode="markers",
            marker={"color": colour, "size": 11, "symbol": "circle-open", "line": {"width": 2}},
            cliponaxis=False,  # the last one stands on the right end
            hovertemplate="%{y:.4f}<extra>history</extra>",
        ),
        go.Scatter(
            x=[chosen[0]],
            y=[chosen[1]],
            name=_("chosen batch"),
            mode="markers",
            marker={"color": colour, "size": 8},
            cliponaxis=False,
            hovertemplate="%{y:.4f}<extra>" + _("chosen batch") + "</extra>",
        ),
    ]
    chart = _chart(traces, measure, "epoch", end)
    chart.add_vline(chosen[0], line={"color": palette.GREY, "width": 1, "dash": "dot"})
    return chart


def as_page(title: str, charts: list[go.Figure]) -> bytes:
    """Charts in one HTML file that any browser opens, without a network: Plotly itself is in it."""
    parts = [
        inked(chart, "light").to_html(include_plotlyjs=number == 0, full_html=False, config=CONFIG)
        for number, chart in enumerate(charts)
    ]
    head = f'<!doctype html><meta charset="utf-8"><title>{html.escape(title)}</title><h1>{html.escape(title)}</h1>'
    return (head + "".join(parts)).encode()


def _line(points, name: str, colour: str, width: float, opacity: float = 1.0) -> go.Scatter:
    return go.Scatter(
        x=points[0],
        y=points[1],
        name=name,
        mode="lines",
        opacity=opacity,
        line={"color": colour, "width": width},
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
    chart = figure(*traces, height=280, x_title=_(_AXES[axis]), y_title=_(_MEASURES[measure]), showlegend=True)
    chart.update_layout(
        margin={"l": 56, "t": 32},
        legend={"orientation": "h", "y": 1.02, "x": 0, "yanchor": "bottom"},
        xaxis={"range": [0, end] if end else None, "rangemode": "tozero"},
        yaxis=_ACCURACY_AXIS if measure == "accuracy" else _loss_axis(traces),
        uirevision="keep",
    )
    return chart


def _loss_axis(traces: list) -> dict:
    """From 0 up; logarithmic, and said so, where the loss spans decades: a single jump would flatten all the rest."""
    values = np.concatenate([np.asarray(trace.y, float) for trace in traces])
    values = values[np.isfinite(values) & (values > 0)]
    if not len(values) or values.max() < _DECADES * values.min():
        return {"rangemode": "tozero"}
    low, high = math.floor(np.log10(values.min())), math.ceil(np.log10(values.max()))
    powers = range(low, high + 1, -(-(high - low) // _MOST_TICKS))
    return {
        "type": "log",
        "title": {"text": _("loss (logarithmic)")},
        "tickvals": [10.0**power for power in powers],
        "ticktext": [_power(power) for power in powers],
    }


def _power(power: int) -> str:
    """A power of ten as an axis says it: 0.01, 1, 1,000, and 1e9 where zeros would have to be counted."""
    if not -4 <= power <= 6:
        return f"1e{power}"
    return f"{10**power:,}" if power >= 0 else f"{10.0**power:.{-power}f}"
