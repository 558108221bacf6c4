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


def kept():
    import numpy as np
    import streamlit as st

    from ui.shared import charts
    from viz import bars

    def draw():
        st.session_state["times"] = st.session_state.get("times", 0) + 1
        return bars.units(np.array([0.5, -2.0, st.session_state["third"]]))

    charts.show(bars.units(np.array([0.5, -2.0, st.session_state["third"]])), key="anew")
    charts.show_again(draw, ("units", st.session_state["third"]), key="kept")


def test_a_chart_that_is_asked_for_again_is_the_same_and_not_drawn_again():
    app = AppTest.from_function(kept)
    for third, drawn in ((3.0, 1), (3.0, 1), (4.0, 2), (3.0, 2)):
        app.session_state["third"] = third
        app.run()
        assert not app.exception
        anew, again = (chart.proto for chart in app.get("plotly_chart"))
        assert (again.spec, again.alt) == (anew.spec, anew.alt)
        assert app.session_state["times"] == drawn
    app.session_state["kept_numbers"] = True
    app.run()
    assert app.markdown[0].value == again.alt
