"""Every chart of the dashboard: drawn, said in a sentence, and its numbers as a table one press away."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import streamlit as st

from ui.shared import cache, present, tables, text, theme
from viz import describe
from viz.figures import CONFIG, enlarged, inked
from viz.made import Made
from words import _, language

# a histogram weighs 17 kB
_MOST_BYTES = 8 * 2**20
_made = cache.Cache(_MOST_BYTES, lambda made: made.size)


def show(chart: Any, key: str, config: dict[str, Any] = CONFIG, width: Any = "stretch") -> None:
    """`st.plotly_chart` with its texts dark enough, a description that is computed from what it shows, and a table."""
    _show(Made(_readable(chart)), lambda: chart, key, config, width)


def show_again(draw: Callable[[], Any], of: Hashable, key: str) -> None:
    """The same of a chart that many ask for: drawn once for all of them. of: all that `draw` makes it of, but language
    and colours; its parts say so themselves. Not for charts with annotations, see `_readable`."""
    seen = (key, of, theme.shown(), present.on(), language())
    _show(_made.get(seen, lambda: Made(_readable(draw()))), draw, key)


def _readable(chart: Any) -> Any:
    # ui/shared/look.css colours the other texts of a chart
    inked(chart, theme.kind() if chart.layout.annotations else theme.shown())
    return enlarged(chart, present.CHARTS) if present.on() else chart


def _show(
    made: Made, draw: Callable[[], Any], key: str, config: dict[str, Any] = CONFIG, width: Any = "stretch"
) -> None:
    st.plotly_chart(made, config=config, key=key, width=width, alt=made.said)  # noqa: TID251
    _numbers(draw, key)


@st.fragment
def _numbers(draw: Callable[[], Any], key: str) -> None:
    """Behind a button that opens; closed, it costs nothing but its place."""
    panel = st.popover(
        _("Numbers"), icon=":material/table_rows:", type="tertiary", key=f"{key}_numbers", on_change="rerun"
    )
    if not panel.open:
        return
    chart = draw()
    found = describe.table(chart)
    with panel:
        st.markdown(describe.sentence(chart))
        rows = [tuple(map(text.plain, row)) for row in found.rows]
        st.markdown(tables.markdown(tuple(map(text.plain, found.head)), rows))
        if found.note:
            st.caption(found.note)
