"""Curves show the numbers that they are given, in colours that tell runs apart."""

import math

import numpy as np
import pytest

from viz import palette, training_curves
from viz.training_curves import Curve

X = np.array([1.0, 2.0])


def curve(name="run", shift=0.0, colour=palette.RUNS[3]):
    return Curve(name, colour, (X / 2, X + shift), (X, 2 * X + shift), (X, 3 * X + shift))


@pytest.mark.parametrize("measure", ["loss", "accuracy"])
def test_one_run_has_three_traces_with_its_numbers(measure):
    chart = training_curves.one(curve(), measure, end=5.0)
    assert [trace.name for trace in chart.data] == ["batch", "training", "validation"]
    np.testing.assert_array_equal(chart.data[2].y, 3 * X)
    assert chart.layout.xaxis.range == (0, 5.0)
    assert (chart.layout.yaxis.tickformat == ".0%") == (measure == "accuracy")
    assert {trace.line.color for trace in chart.data} == {palette.RUNS[3]}
    assert len({(trace.line.dash, trace.line.width) for trace in chart.data}) == 3


def test_several_runs_differ_in_colour_and_validation_is_dashed():
    curves = [curve(f"run {i}", i, palette.RUNS[i]) for i in range(8)]
    chart = training_curves.several(curves, "loss", "seen")
    training = [trace for trace in chart.data if trace.name.endswith("training")]
    assert len({trace.line.color for trace in training}) == len(curves) == len(palette.RUNS)
    for i in range(8):
        assert {t.line.color for t in chart.data if t.name.startswith(f"run {i}")} == {palette.RUNS[i]}
    assert {trace.line.dash for trace in chart.data if trace.name.endswith("validation")} == {"dash"}
    assert chart.layout.xaxis.title.text == "training images seen"


@pytest.mark.parametrize(
    ("losses", "ticks"),
    [
        ([2.3, 0.03], None),
        ([80_000.0, 2.3], ["1", "10", "100", "1,000", "10,000", "100,000"]),
        ([2.0, 0.019], ["0.01", "0.1", "1", "10"]),
        ([2.3, 1e30, math.nan], ["1", "100,000", "1e10", "1e15", "1e20", "1e25", "1e30"]),
        ([0.0, 0.0], None),
        ([2.3, 0.0, math.inf], None),
        ([], None),
    ],
)
@pytest.mark.parametrize("draw", [training_curves.one, lambda *given: training_curves.several([given[0]], given[1])])
def test_a_loss_over_decades_has_a_logarithmic_axis_that_says_so(losses, ticks, draw):
    y = np.array(losses)
    chart = draw(Curve("run", palette.RUNS[0], (np.arange(len(y)), y), (X[:0], X[:0]), (X[:0], X[:0])), "loss")
    axis = chart.layout.yaxis
    assert (axis.type == "log") == (ticks is not None) == ("logarithmic" in axis.title.text)
    if ticks:
        assert list(axis.ticktext) == ticks
        assert list(axis.tickvals) == [float(tick.replace(",", "")) for tick in ticks]


def test_an_accuracy_is_never_on_a_logarithmic_axis():
    chart = training_curves.one(Curve("run", palette.RUNS[0], (X, X / [1, 1000]), (X, X), (X, X)), "accuracy")
    assert chart.layout.yaxis.type is None


def test_the_axis_of_an_accuracy_goes_no_further_than_it_can():
    options = training_curves.one(curve(), "accuracy").layout.yaxis.autorangeoptions
    assert options.clipmin == 0 and 1 < options.clipmax < 1.05  # a marker at 100 % is seen whole
    assert training_curves.one(curve(), "loss").layout.yaxis.autorangeoptions.to_plotly_json() == {}


def test_a_run_without_epochs_is_drawn():
    empty = (np.empty(0), np.empty(0))
    assert training_curves.several([Curve("new", palette.RUNS[0], empty, empty, empty)], "loss").data


def test_the_page_needs_no_network_and_takes_names_as_text():
    page = training_curves.as_page("<b>mine</b>", [training_curves.one(curve(), m) for m in ("loss", "accuracy")])
    text = page.decode()
    assert "<b>mine</b>" not in text and "&lt;b&gt;mine" in text
    assert 'src="http' not in text
    assert text.count("Plotly.newPlot(") >= 2


@pytest.mark.parametrize("measure", ["loss", "accuracy"])
def test_a_metric_as_it_collects(measure):
    colour = palette.RUNS[5]
    chart = training_curves.collecting((X / 2, X), (X / 2, 2 * X), (X, 3 * X), (0.5, 2.0), measure, 3.0, colour)
    traces = {trace.name: trace for trace in chart.data}
    np.testing.assert_array_equal(traces["batch alone"].y, X)
    np.testing.assert_array_equal(traces["result()"].y, 2 * X)
    np.testing.assert_array_equal(traces["history"].y, 3 * X)
    assert (traces["chosen batch"].x, traces["chosen batch"].y) == ((0.5,), (2.0,))
    assert traces["result()"].line.color == traces["chosen batch"].marker.color == colour
    assert chart.layout.shapes[0].x0 == chart.layout.shapes[0].x1 == 0.5
    assert chart.layout.xaxis.range == (0, 3.0)
