"""What the figures of the Evaluate page are given is what they show."""

import numpy as np

from viz import evaluation

EDGES = np.linspace(0, 1, 5)
COUNT = np.array([0, 2, 0, 8])
CONFIDENCE = np.array([np.nan, 0.4, np.nan, 0.9])
ACCURACY = np.array([np.nan, 0.5, np.nan, 0.75])


def test_mistakes_show_both_counts_and_what_they_do():
    missed, mistaken = np.arange(10), np.arange(10)[::-1]
    details = [(f"recall {i}", f"precision {i}") for i in range(10)]
    left, right = evaluation.mistakes(missed, mistaken, details).data
    assert np.array_equal(left.y, missed) and np.array_equal(right.y, mistaken)
    assert left.customdata[3] == "recall 3" and right.customdata[3] == "precision 3"


def test_reliability_leaves_out_empty_bins():
    bars, diagonal, points = evaluation.reliability(EDGES, CONFIDENCE, ACCURACY, COUNT).data
    assert list(bars.y) == [0.5, 0.75] and list(bars.x) == [0.375, 0.875] and list(bars.width) == [0.25, 0.25]
    assert list(points.x) == list(points.y) == [0.4, 0.9]
    assert list(diagonal.x) == list(diagonal.y) == [0, 1]
    assert bars.customdata[0] == "confidence 25% to 50%: 2 answers<br>mean confidence 40.00%<br>right 50.00%"


def test_answers_show_every_count():
    chart = evaluation.answers(EDGES, COUNT)
    assert np.array_equal(chart.data[0].y, COUNT)
    assert list(chart.data[0].text) == ["", "2", "", "8"]
    assert chart.layout.yaxis.range[1] > np.log10(8)


def test_no_answer_at_all_is_no_error():
    assert evaluation.answers(EDGES, np.zeros(4, int)).layout.yaxis.range[1] > 0
