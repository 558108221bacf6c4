"""A chart that was drawn once is sent as the figure is, and weighs the memory that it takes."""

import tracemalloc

import numpy as np
import plotly.graph_objects as go
import pytest
from plotly.io import to_json

from viz import describe, histograms
from viz.made import Made


def chart_of(bins):
    return histograms.before_after(np.arange(bins), np.arange(bins)[::-1], np.linspace(-2, 2, bins + 1))


@pytest.mark.parametrize("chart", [chart_of(40), go.Figure()])
def test_it_is_sent_as_the_figure(chart):
    made = Made(chart)
    assert to_json(made, validate=False) == to_json(chart, validate=False)
    assert made.said == describe.sentence(chart)


@pytest.mark.parametrize("bins", [10, 400])
def test_it_weighs_what_memory_it_takes(bins):
    """What all charts share is there once, however many there are."""
    chart, count = chart_of(bins), 20
    first = Made(chart)
    tracemalloc.start()
    held = [Made(chart) for _ in range(count)]
    taken = tracemalloc.get_traced_memory()[0] / count
    tracemalloc.stop()
    assert len(held) == count and taken / 2 < first.size < 2 * taken
