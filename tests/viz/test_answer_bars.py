"""Bars of what a class has answered."""

import numpy as np

from viz import answer_bars, describe


def test_a_bar_stands_at_its_label_whatever_the_label_looks_like():
    chart = answer_bars.answers(["28", "24 rows"], np.array([3, 1]), np.array([0, 1]))
    right, others = chart.data
    assert list(chart.layout.yaxis.ticktext) == ["28", "24 rows"]
    assert list(right.y) == list(chart.layout.yaxis.tickvals) == [note.y for note in chart.layout.annotations]
    assert list(right.x) == [0, 1] and list(others.x) == [3, 0]
    assert [note.text.strip() for note in chart.layout.annotations] == ["3", "1"]
    assert chart.layout.yaxis.range[0] > chart.layout.yaxis.range[1], "the first on top"


def test_a_long_answer_leaves_room_to_its_bar_and_is_read_as_one_sentence():
    answers = ["int32, TensorFlow's choice for whole numbers", "모든 값이 0이 되어 아무것도 남지 않는다"]
    chart = answer_bars.answers(answers, np.array([3, 1]))
    lines = [text.split("<br>") for text in chart.layout.yaxis.ticktext]
    assert [" ".join(parts) for parts in lines] == answers
    assert max(map(len, lines[0])) <= 24 and max(map(len, lines[1])) <= 12
    assert chart.layout.height > answer_bars.answers(["28", "24"], np.array([3, 1])).layout.height
    assert [row[0] for row in describe.table(chart).rows] == answers


def test_before_the_answer_is_shown_nothing_tells_which_is_right():
    chart = answer_bars.answers(["a", "b"], np.array([2, 0]))
    assert [list(bar.x) for bar in chart.data] == [[0, 0], [2, 0]]


def test_nothing_answered_yet():
    chart = answer_bars.answers(["a"], np.array([0]))
    assert chart.layout.xaxis.range[1] > 1
