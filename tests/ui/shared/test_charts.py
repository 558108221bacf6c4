"""A chart on a page has a description of what it shows, and its numbers behind a button."""

from streamlit.testing.v1 import AppTest

from viz import describe


def page():
    import numpy as np

    from ui.shared import charts
    from viz import bars

    charts.show(bars.units(np.array([0.5, -2.0, 3.0])), key="drawn")


def test_a_chart_is_described_and_its_numbers_cost_nothing_until_they_are_wanted():
    app = AppTest.from_function(page).run()
    (chart,) = app.get("plotly_chart")
    assert chart.proto.alt == "Bars of output by unit. 3 bars, lowest −2 at 1, highest 3 at 2."
    assert not app.markdown
    app.session_state["drawn_numbers"] = True
    app.run()
    assert not app.exception
    words, table = (element.value for element in app.markdown)
    assert words == chart.proto.alt
    assert table.splitlines()[0] == "| unit | output |" and table.splitlines()[3] == "| 1 | −2 |"


def test_an_empty_chart_has_words_too():
    import plotly.graph_objects as go

    assert describe.sentence(go.Figure()) == "An empty chart: there is nothing to draw yet."
