"""The sentence and the table of each kind of chart, against numbers that anybody can read off it."""

import numpy as np
import plotly.graph_objects as go
import pytest

from viz import answer_bars, architecture, bars, describe, digits, evaluation, histograms, memory_bars, training_curves
from viz.figures import figure, inked
from viz.palette import INK

EDGES = np.array([-1.0, 0.0, 1.0, 2.0])


def test_a_histogram_says_its_range_and_where_most_values_are():
    chart = histograms.before_after(np.array([3, 9, 1]), np.array([0, 13, 0]), EDGES)
    said = describe.sentence(chart)
    assert said.startswith("Histogram of input and output by value.")
    assert "input: 3 ranges from −1 to 2; most, 9, from 0 to 1." in said
    assert "output: 3 ranges from −1 to 2; most, 13, from 0 to 1." in said
    table = describe.table(chart)
    assert table.head == ("value", "input", "output")
    assert table.rows == [("−1 to 0", "3", "0"), ("0 to 1", "9", "13"), ("1 to 2", "1", "0")]
    assert not table.note


def test_bars_say_the_least_and_the_most():
    said = describe.sentence(bars.units(np.array([0.5, -2.25, 3.0]), chosen=1))
    assert said == "Bars of output by unit. 3 bars, lowest −2.25 at 1, highest 3 at 2."


def test_horizontal_bars_are_read_the_other_way():
    memory = {"float16": 200, "float64": 800}
    chart = memory_bars.sizes(memory, "float16", "float64")
    assert "lowest 200 at float16, highest 800 at float64" in describe.sentence(chart)
    assert describe.table(chart).rows == [("float16", "200"), ("float64", "800")]


def test_a_curve_says_where_it_begins_and_ends():
    points = np.array([1.0, 2.0, 3.0])
    none = np.array([])
    curve = training_curves.Curve(
        "run", "#0f8f86", (none, none), (points, np.array([0.9, 0.4, 0.5])), (points, np.array([0.8, np.nan, 0.6]))
    )
    chart = training_curves.one(curve, "loss")
    said = describe.sentence(chart)
    assert said.startswith("Lines of loss by epochs.")
    assert "training: from 0.9 at 1 to 0.5 at 3, lowest 0.4 at 2, highest 0.9 at 1." in said
    assert "validation: from 0.8 at 1 to 0.6 at 3" in said
    assert ("2", "0.4", "–") in describe.table(chart).rows


def test_a_training_that_has_not_begun_says_so():
    none = np.array([])
    empty = training_curves.one(training_curves.Curve("run", "#0f8f86", *[(none, none)] * 3), "loss")
    assert describe.sentence(empty) == "An empty chart: there is nothing to draw yet."
    assert describe.table(empty).rows == [("nothing to draw yet",)]


def test_a_picture_says_its_size_and_its_largest_value():
    image = np.zeros((28, 28), np.uint8)
    image[3, 5], image[20, 9] = 254, 7
    chart = digits.large(image)
    assert describe.sentence(chart) == (
        "A grid of 28 rows and 28 columns: values from 0 to 254, the largest in row 3, column 5; 2 of 784 are not 0."
    )
    table = describe.table(chart)
    assert len(table.rows) == 28 and table.rows[20][9 + 1] == "7"


def test_a_drawn_network_names_its_layers_in_order():
    boxes = [architecture.Box("image", "Input", (28, 28, 1)), architecture.Box("dense", "Dense", (10,))]
    chart = architecture.diagram(boxes, "dark")
    assert describe.sentence(chart) == "2 boxes from top to bottom: image 28 × 28 × 1; dense 10."


def test_names_are_words_not_html():
    chart = figure(go.Scatter(x=[0, 1], y=[0, 1], name="<b>a &lt; b</b>"), go.Scatter(x=[0, 1], y=[1, 0], name="c"))
    assert "a < b: from 0 at 0 to 1 at 1" in describe.sentence(chart)


def test_many_points_are_thinned_and_the_table_says_so():
    x = np.arange(1000)
    table = describe.table(figure(go.Scatter(x=x, y=x**2), x_title="step"))
    assert len(table.rows) == describe.MOST_ROWS and table.note == "One of 5 points."
    assert table.rows[1] == ("5", "25")


def test_different_places_stand_one_below_the_other():
    edges = np.array([0.0, 0.5, 1.0])
    chart = evaluation.reliability(edges, np.array([0.3, 0.9]), np.array([0.25, 0.95]), np.array([4, 20]))
    table = describe.table(chart)
    assert table.head == ("line", "confidence", "share")
    assert ("right answers", "0.5 to 1", "0.95") in table.rows
    assert ("mean confidence", "0.9", "0.9") in table.rows


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_of_a_chart_has_the_theme_s_ink(theme):
    chart = inked(histograms.before_after(np.ones(3), np.ones(3), EDGES), theme)
    axes = [chart.layout[name] for name in ("xaxis", "xaxis2", "yaxis", "yaxis2")]
    found = {chart.layout.font.color, chart.layout.legend.font.color}
    found |= {colour for axis in axes for colour in (axis.tickfont.color, axis.title.font.color)}
    assert found == {INK[theme]}


def test_bars_that_stand_at_numbers_are_called_by_the_words_on_their_axis():
    chart = answer_bars.answers(["(2, 2, 3)", "28"], np.array([4, 1]), np.array([4, 0]))
    assert "highest 4 at (2, 2, 3)" in describe.sentence(chart)
    assert [row[0] for row in describe.table(chart).rows] == ["(2, 2, 3)", "28"]
