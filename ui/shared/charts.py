"""Every chart of the dashboard: drawn, said in a sentence, and its numbers as a table one press away."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui.shared import present, tables, text, theme
from viz import describe
from viz.figures import CONFIG, enlarged, inked
from words import _


def show(chart: Any, key: str, config: dict[str, Any] = CONFIG, width: Any = "stretch") -> None:
    """`st.plotly_chart` with its texts dark enough, a description that is computed from what it shows, and a table."""
    # ui/shared/look.css colours the other texts of a chart
    inked(chart, theme.kind() if chart.layout.annotations else theme.shown())
    if present.on():
        enlarged(chart, present.CHARTS)
    st.plotly_chart(  # noqa: TID251
        chart, config=config, key=key, width=width, alt=describe.sentence(chart)
    )
    _numbers(chart, key)


@st.fragment
def _numbers(chart: Any, key: str) -> None:
    """Behind a button that opens; closed, it costs nothing but its place."""
    panel = st.popover(
        _("Numbers"), icon=":material/table_rows:", type="tertiary", key=f"{key}_numbers", on_change="rerun"
    )
    if not panel.open:
        return
    found = describe.table(chart)
    with panel:
        st.markdown(describe.sentence(chart))
        rows = [tuple(map(text.plain, row)) for row in found.rows]
        st.markdown(tables.markdown(tuple(map(text.plain, found.head)), rows))
        if found.note:
            st.caption(found.note)
