"""Figures carry the numbers they were given, each bar in the colour of its sign."""

import json

import numpy as np
import plotly.graph_objects as go
import pytest

from viz import architecture, bars, curves, figures, histograms, palette
from viz.architecture import Box

NEGATIVE, POSITIVE = palette.SIGNS["activations"]
VALUES = np.array([-2.0, 0.5, 0.0, 3.0, -0.1])
SIGNS = [NEGATIVE, POSITIVE, POSITIVE, POSITIVE, NEGATIVE]


def texts(template, data):
    """What Plotly shows for a template with plain places like %{x} (formats are left out)."""
    for key, value in data.items():
        template = template.replace("%{" + key + "}", str(value))
    return template


def test_a_chart_for_a_room_has_the_same_numbers_in_larger_texts():
    def drawn():
        chart = figures.figure(go.Scatter(x=[1, 2], y=[3, 4], line={"width": 1.5}), x_title="steps")
        chart.update_layout(annotations=[{"text": "here", "font": {"size": 16}}], yaxis={"tickfont": {"size": 15}})
        return chart

    plain, large = drawn(), figures.enlarged(drawn(), 2)
    assert large.data[0].x == plain.data[0].x and large.data[0].y == plain.data[0].y
    assert (large.data[0].line.width, large.layout.annotations[0].font.size) == (3, 32)
    assert (large.layout.xaxis.tickfont.size, large.layout.yaxis.tickfont.size) == (24, 30)
    assert large.layout.margin.b == 2 * plain.layout.margin.b and large.layout.xaxis.title.text == "steps"


@pytest.mark.parametrize("log", [False, True])
def test_a_histogram_carries_exactly_the_counts(log):
    edges = np.array([-1.0, -0.5, 0.0, 0.5, 1.0])
    counts = {"input": np.array([3, 0, 7, 1]), "output": np.array([0, 0, 10, 1])}
    chart = histograms.before_after(counts["input"], counts["output"], edges, log)
    assert [trace.name for trace in chart.data] == ["input", "output"]
    for trace in chart.data:
        assert list(trace.y) == counts[trace.name].tolist()
        assert list(trace.x) == [-0.75, -0.25, 0.25, 0.75] and list(trace.width) == [0.5] * 4
        assert np.asarray(trace.customdata).tolist() == [[-1, -0.5], [-0.5, 0], [0, 0.5], [0.5, 1]]
        assert list(trace.marker.color) == [NEGATIVE, NEGATIVE, POSITIVE, POSITIVE]
        assert trace.hovertemplate.endswith(f"<extra>{trace.name}</extra>")
    upper, lower = chart.data
    assert (upper.xaxis, upper.yaxis, lower.xaxis, lower.yaxis) == ("x", "y", "x2", "y2")
    layout = chart.layout
    assert layout.yaxis.type == layout.yaxis2.type == ("log" if log else "linear")
    # one scale of values for both, the input above
    assert tuple(layout.xaxis.range) == tuple(layout.xaxis2.range) == (-1, 1)
    assert layout.yaxis.domain[0] > layout.yaxis2.domain[1]
    assert (layout.yaxis.title.text, layout.yaxis2.title.text) == ("input", "output")


def test_bars_of_uneven_bins_fill_their_bins():
    chart = histograms.before_after(np.array([1, 2]), np.array([2, 1]), np.array([0.0, 1.0, 4.0]))
    for trace in chart.data:
        left = np.asarray(trace.x) - np.asarray(trace.width) / 2
        assert left.tolist() == [0, 1] and (left + trace.width).tolist() == [1, 4]


def test_contributions_are_ranked_from_the_top():
    labels, details = [f"pixel {i}" for i in range(5)], [f"1 × {value}" for value in VALUES]
    (trace,) = (chart := bars.contributions(labels, VALUES, details)).data
    assert trace.orientation == "h"
    assert list(trace.x) == VALUES.tolist() and list(trace.y) == labels
    assert list(trace.customdata) == details and "%{customdata}" in trace.hovertemplate
    assert list(trace.marker.color) == SIGNS
    assert chart.layout.yaxis.autorange == "reversed" and chart.layout.yaxis.type == "category"
    assert chart.layout.height > bars.contributions(labels[:2], VALUES[:2], details[:2]).layout.height


@pytest.mark.parametrize("chosen", [None, 0, 3])
def test_the_chosen_unit_is_outlined(chosen):
    (trace,) = bars.units(VALUES, chosen).data
    assert list(trace.y) == VALUES.tolist() and list(trace.x) == [0, 1, 2, 3, 4]
    assert list(trace.marker.color) == SIGNS
    assert [width > 0 for width in trace.marker.line.width] == [i == chosen for i in range(5)]


def test_before_and_after_stand_side_by_side():
    chart = bars.before_after(VALUES, 2 * VALUES)
    before, after = chart.data
    assert (before.name, after.name) == ("input", "output")
    assert list(before.y) == VALUES.tolist() and list(after.y) == (2 * VALUES).tolist()
    assert list(before.x) == list(after.x) == [0, 1, 2, 3, 4]
    assert before.marker.color != after.marker.color
    assert chart.layout.barmode == "group" and chart.layout.showlegend


def test_a_curve_has_the_function_as_a_line_and_the_values_as_points():
    x = np.linspace(-2, 2, 9)
    points = np.array([-1.5, -0.0, 0.0, 1.0])
    line, dots = curves.activation(x, np.maximum(x, 0), points, np.maximum(points, 0), "relu").data
    assert line.mode == "lines" and dots.mode == "markers"
    assert list(line.x) == x.tolist() and list(line.y) == np.maximum(x, 0).tolist()
    assert list(dots.x) == points.tolist() and list(dots.y) == [0, 0, 0, 1]
    assert list(dots.marker.color) == [NEGATIVE, POSITIVE, POSITIVE, POSITIVE]
    shown = dots.hovertemplate.replace(":.4g", "")
    assert texts(shown, {"x": 1.0, "y": 1.0}) == "relu(1.0) = 1.0<extra></extra>"


BOXES = [Box("a", "Input", (28, 28, 1)), Box("b", "Dense", (10,), ("ten",), hatched=True)]
UNCHECKED = {
    "histograms": histograms.before_after(np.array([1, 2]), np.array([2, 1]), np.array([0.0, 1.0, 4.0]), log=True),
    "architecture": architecture.diagram(BOXES, "dark"),
}


@pytest.mark.parametrize("name", UNCHECKED)
def test_what_plotly_does_not_check_at_every_move_of_a_slider_is_right(name):
    chart = UNCHECKED[name]
    checked = go.Figure(chart.to_dict())  # raises for what Plotly does not know
    assert json.loads(checked.to_json()) == json.loads(chart.to_json())


def all_figures():
    edges = np.linspace(-1, 1, 6)
    yield "histograms", histograms.before_after(np.arange(5), np.arange(5), edges)
    yield "contributions", bars.contributions(list("abcde"), VALUES, list("abcde"))
    yield "units", bars.units(VALUES, 2)
    yield "before_after", bars.before_after(VALUES, VALUES)
    yield "activation", curves.activation(VALUES, VALUES, VALUES, VALUES, "linear")


@pytest.mark.parametrize(("name", "chart"), all_figures(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_figure_can_be_sent_and_stands_on_both_themes(name, chart):
    sent = json.loads(chart.to_json())
    assert sent["layout"]["paper_bgcolor"] == sent["layout"]["plot_bgcolor"] == "rgba(0,0,0,0)"
    assert sent["layout"]["height"] >= 100
    axes = [axis for name, axis in sent["layout"].items() if name[1:5] == "axis"]
    assert any(axis.get("title", {}).get("text") for axis in axes)


def test_a_figure_takes_its_own_layout_last():
    chart = figures.figure(height=300, x_title="a", y_title="b", showlegend=True)
    assert (chart.layout.height, chart.layout.showlegend) == (300, True)
    assert (chart.layout.xaxis.title.text, chart.layout.yaxis.title.text) == ("a", "b")
    assert figures.figure(xaxis={"type": "log"}).layout.xaxis.type == "log"
    assert not figures.CONFIG["displayModeBar"] and not figures.CONFIG["scrollZoom"]
