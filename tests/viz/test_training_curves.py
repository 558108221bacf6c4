"""Curves show the numbers that they are given, in colours that tell runs apart."""

import numpy as np
import pytest

from viz import palette, training_curves
from viz.training_curves import Curve

X = np.array([1.0, 2.0])


def curve(name="run", shift=0.0):
    return Curve(name, (X / 2, X + shift), (X, 2 * X + shift), (X, 3 * X + shift))


@pytest.mark.parametrize("measure", ["loss", "accuracy"])
def test_one_run_has_three_traces_with_its_numbers(measure):
    chart = training_curves.one(curve(), measure, end=5.0)
    assert [trace.name for trace in chart.data] == ["batch", "training", "validation"]
    np.testing.assert_array_equal(chart.data[2].y, 3 * X)
    assert chart.layout.xaxis.range == (0, 5.0)
    assert (chart.layout.yaxis.tickformat == ".0%") == (measure == "accuracy")
    assert len({trace.line.color for trace in chart.data}) == 3


def test_several_runs_differ_in_colour_and_validation_is_dashed():
    curves = [curve(f"run {i}", i) for i in range(8)]
    chart = training_curves.several(curves, "loss", "seen")
    training = [trace for trace in chart.data if trace.name.endswith("training")]
    assert len({trace.line.color for trace in training}) == len(curves) == len(palette.RUNS)
    assert {trace.line.dash for trace in chart.data if trace.name.endswith("validation")} == {"dash"}
    assert chart.layout.xaxis.title.text == "training images seen"


def test_a_run_without_epochs_is_drawn():
    empty = (np.empty(0), np.empty(0))
    assert training_curves.several([Curve("new", empty, empty, empty)], "loss").data


def test_the_page_needs_no_network_and_takes_names_as_text():
    page = training_curves.as_page("<b>mine</b>", [training_curves.one(curve(), m) for m in ("loss", "accuracy")])
    text = page.decode()
    assert "<b>mine</b>" not in text and "&lt;b&gt;mine" in text
    assert 'src="http' not in text
    assert text.count("Plotly.newPlot(") >= 2


@pytest.mark.parametrize("measure", ["loss", "accuracy"])
def test_a_metric_as_it_collects(measure):
    chart = training_curves.collecting((X / 2, X), (X / 2, 2 * X), (X, 3 * X), (0.5, 2.0), measure, 3.0)
    traces = {trace.name: trace for trace in chart.data}
    np.testing.assert_array_equal(traces["batch alone"].y, X)
    np.testing.assert_array_equal(traces["result()"].y, 2 * X)
    np.testing.assert_array_equal(traces["history"].y, 3 * X)
    assert (traces["chosen batch"].x, traces["chosen batch"].y) == ((0.5,), (2.0,))
    assert chart.layout.shapes[0].x0 == chart.layout.shapes[0].x1 == 0.5
    assert chart.layout.xaxis.range == (0, 3.0)
