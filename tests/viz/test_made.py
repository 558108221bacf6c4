"""A chart that was drawn once: a browser is sent the same of it as of the figure, and its weight is about that."""

import numpy as np
import pytest
from plotly.io import to_json

from viz import describe, histograms
from viz.made import Made


@pytest.mark.parametrize("bins", [10, 400])
def test_it_is_sent_as_the_figure_and_weighs_about_that(bins):
    chart = histograms.before_after(np.arange(bins), np.arange(bins)[::-1], np.linspace(-2, 2, bins + 1))
    made = Made(chart)
    sent = to_json(made, validate=False)
    assert sent == to_json(chart, validate=False)
    assert made.said == describe.sentence(chart)
    assert len(sent) / 2 < made.size < 2 * len(sent)
