"""A chart in words, for who hears it, and as a table, for who wants its numbers. Both are computed from the figure.

They know kinds of traces, not charts: bars (a histogram where each has a width of its own), lines and points, cells,
and words. What a chart is about it says itself, in the titles of its axes and the names of its traces.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from words import _, plural

MOST_ROWS = 200
MOST_COLUMNS = 30
_MOST_TRACES = 6
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Table:
    """The numbers behind a chart; note: what of them is left out, empty where nothing is."""

    head: tuple[str, ...]
    rows: list[tuple[str, ...]]
    note: str = ""


@dataclass(frozen=True)
class _Series:
    """One trace: `along` are the places, texts or numbers; `values` the numbers there; `edges`, of a histogram, the
    two ends of each bar."""

    name: str
    place: str
    measure: str
    along: list[Any]
    values: np.ndarray
    edges: list[tuple[float, float]] | None
    line: bool

    def at(self, i: int) -> str:
        if self.edges:
            low, high = self.edges[i]
            return _("{low} to {high}", low=_short(low), high=_short(high))
        return _short(self.along[i])


def sentence(chart: go.Figure) -> str:
    """What the chart shows: its kind, what stands on its axes, and of each trace where it begins, ends and is
    strongest."""
    if cells := _of_type(chart, "heatmap"):
        return _cells(cells[0])
    if words := _words(chart):
        return _("{count} boxes from top to bottom: {boxes}.", count=len(words), boxes="; ".join(words))
    series = _series(chart)
    parts = [_one(each, named=len(series) > 1) for each in series[:_MOST_TRACES]]
    if more := len(series) - _MOST_TRACES:
        parts += [_("And {count} more.", count=more)] if more > 0 else []
    return " ".join((_kind(series), *parts))


def table(chart: go.Figure) -> Table:
    """All of its numbers, or, of very many, evenly spaced ones."""
    if cells := _of_type(chart, "heatmap"):
        return _grid(cells)
    if words := _words(chart):
        return Table((_("place"), _("what")), [(str(i + 1), line) for i, line in enumerate(words)])
    return _columns(_series(chart))


# -- traces ---------------------------------------------------------------------------------------------------------


def _of_type(chart: go.Figure, kind: str) -> list[Any]:
    return [trace for trace in chart.data if trace.type == kind]


def _words(chart: go.Figure) -> list[str]:
    """What is written beside boxes, where a chart is made of those."""
    written = (trace.text for trace in _of_type(chart, "scatter") if trace.mode == "text")
    return [_plain(text) for texts in written for text in texts]


def _plain(text: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", str(text))).split())


def _series(chart: go.Figure) -> list[_Series]:
    return [_read(chart, trace) for trace in chart.data if trace.x is not None and len(trace.x)]


def _read(chart: go.Figure, trace: Any) -> _Series:
    across, up = (_title(chart, letter, trace[f"{letter}axis"]) for letter in "xy")
    if trace.type == "bar" and trace.orientation == "h":
        across, up, along, values = up, across, _named(chart, trace.yaxis or "y", list(trace.y)), trace.x
    else:
        along, values = list(trace.x), trace.y
    edges = None
    if trace.type == "bar" and trace.width is not None and np.ndim(trace.width) == 1:
        edges = [
            (float(x) - float(wide) / 2, float(x) + float(wide) / 2) for x, wide in zip(along, trace.width, strict=True)
        ]
    return _Series(_plain(trace.name or ""), across, up, along, np.asarray(values, float), edges, trace.type != "bar")


def _named(chart: go.Figure, axis: str, places: list[Any]) -> list[Any]:
    """The words that stand on an axis at these places, where each of them has one."""
    found = chart.layout[f"{axis[0]}axis{axis[1:]}"]
    said = [str(text).replace("<br>", " ") for text in found.ticktext or ()]
    words = dict(zip(found.tickvals or (), said, strict=False))
    return [words[place] for place in places] if all(place in words for place in places) else places


def _title(chart: go.Figure, letter: str, axis: str | None) -> str:
    """Of the axis that a trace stands on; of charts that share one, the title that any of them has."""
    names = [f"{letter}axis{(axis or letter)[1:]}", *(["xaxis", "xaxis2"] if letter == "x" else [])]
    # where Plotly keeps what a figure has, see `figures.inked`
    titles = (chart._layout.get(name, {}).get("title", {}).get("text") for name in names)
    return next(filter(None, titles), "")


# -- words ----------------------------------------------------------------------------------------------------------


def _kind(series: Sequence[_Series]) -> str:
    if not series:
        return _("An empty chart: there is nothing to draw yet.")
    first = series[0]
    kind = _("Histogram") if first.edges else _("Lines") if first.line else _("Bars")
    measures = _(" and ").join(dict.fromkeys(each.measure for each in series if each.measure))
    if measures and first.place:
        return _("{kind} of {measures} by {place}.", kind=kind, measures=measures, place=first.place)
    if measures:
        return _("{kind} of {measures}.", kind=kind, measures=measures)
    return _("{kind} by {place}.", kind=kind, place=first.place) if first.place else f"{kind}."


def _one(series: _Series, named: bool) -> str:
    values = series.values
    known = np.flatnonzero(np.isfinite(values))
    said = _strongest(series, known) if len(known) else _("no numbers.")
    return f"{series.name}: {said}" if named and series.name else said


def _strongest(series: _Series, known: np.ndarray) -> str:
    """Where a trace begins, ends and is strongest; known: where it has numbers."""
    values = series.values
    if len(known) == 1:
        return _("{value} at {place}.", value=_number(values[known[0]]), place=series.at(known[0]))
    least, most = known[np.argmin(values[known])], known[np.argmax(values[known])]
    if values[least] == values[most]:
        return _("{count} times {value}.", count=len(known), value=_number(values[most]))
    if series.edges:
        return _(
            "{count} ranges from {low} to {high}; most, {value}, from {place}.",
            count=len(known),
            low=_short(series.edges[known[0]][0]),
            high=_short(series.edges[known[-1]][1]),
            value=_number(values[most]),
            place=series.at(most),
        )
    extremes = {
        "least": _number(values[least]),
        "at_least": series.at(least),
        "most": _number(values[most]),
        "at_most": series.at(most),
    }
    if not series.line:
        return _(
            "{count} bars, lowest {least} at {at_least}, highest {most} at {at_most}.", count=len(known), **extremes
        )
    begin, end = known[0], known[-1]
    return _(
        "from {first} at {at_first} to {last} at {at_last}, lowest {least} at {at_least}, highest {most} at {at_most}.",
        first=_number(values[begin]),
        at_first=series.at(begin),
        last=_number(values[end]),
        at_last=series.at(end),
        **extremes,
    )


def _cells(trace: go.Heatmap) -> str:
    grid = np.asarray(trace.z, float)
    known = np.isfinite(grid)
    size = {
        "rows": plural("{count} row", "{count} rows", grid.shape[0]),
        "columns": plural("{count} column", "{count} columns", grid.shape[1]),
    }
    if not known.any():
        return _("A grid of {rows} and {columns}, empty.", **size)
    row, column = np.unravel_index(np.nanargmax(grid), grid.shape)
    return _(
        "A grid of {rows} and {columns}: values from {least} to {most}, the largest in row {row}, column {column}; "
        "{count:,} of {total:,} are not 0.",
        **size,
        least=_number(np.nanmin(grid)),
        most=_number(np.nanmax(grid)),
        row=row,
        column=column,
        count=np.count_nonzero(grid[known]),
        total=known.sum(),
    )


def _number(value: float) -> str:
    """Four significant digits; whole numbers in full, with commas."""
    text = f"{value:,.0f}" if abs(value) < 1e15 and value == round(value) else f"{value:.4g}"
    return text.replace("-", "−")


def _short(value: Any) -> str:
    if isinstance(value, str):
        return _plain(value)
    number = float(value)
    return _number(0.0 if abs(number) < 1e-12 else round(number, 3) if abs(number) >= 0.1 else number)


# -- tables ---------------------------------------------------------------------------------------------------------


def _columns(series: Sequence[_Series]) -> Table:
    """A column for each trace where all have the same places, otherwise one trace below the other."""
    if not series:
        return Table((_("chart"),), [(_("nothing to draw yet"),)])
    first = series[0]
    same = all(each.along == first.along for each in series)
    longest = max(len(each.values) for each in series) if same else sum(len(each.values) for each in series)
    every = -(-longest // MOST_ROWS)
    note = _("One of {count} points.", count=every) if every > 1 else ""
    place, measure = first.place or _("what"), first.measure or _("value")
    if same:
        names = [each.name or each.measure or measure for each in series] if len(series) > 1 else [measure]
        picked = range(0, len(first.values), every)
        rows = [(first.at(i), *(_written(each.values[i]) for each in series)) for i in picked]
        return Table((place, *names), rows, note)
    rows = [
        (each.name, each.at(i), _written(each.values[i])) for each in series for i in range(0, len(each.values), every)
    ]
    return Table((_("line"), place, measure), rows, note)


def _grid(traces: Sequence[go.Heatmap]) -> Table:
    """Of the first trace; where it or one that lies over it has words in a cell, those."""
    grid = np.asarray(traces[0].z, float)
    written = np.full(grid.shape, "", object)
    for texts in (np.asarray(trace.text) for trace in traces if trace.text is not None):
        written = np.where(texts != "", texts, written)
    rows, columns = (min(length, most) for length, most in zip(grid.shape, (MOST_ROWS, MOST_COLUMNS), strict=True))
    note = (
        _("The first {rows} rows and {columns} columns.", rows=rows, columns=columns)
        if (rows, columns) != grid.shape
        else ""
    )
    cells = [[str(written[i, j]) or _written(grid[i, j]) for j in range(columns)] for i in range(rows)]
    return Table((_("row"), *map(str, range(columns))), [(str(i), *line) for i, line in enumerate(cells)], note)


def _written(value: float) -> str:
    return _number(float(value)) if np.isfinite(value) else "–"
