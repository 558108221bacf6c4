"""What all Plotly figures share: margins, transparent background, no tools that hide the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from viz import palette

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plotly.basedatatypes import BaseTraceType

# Streamlit sets fonts for light and dark on top of this, and colours that `inked` replaces.
CONFIG = {"displayModeBar": False, "scrollZoom": False}
GRID = "rgba(128, 128, 128, 0.2)"
# pixels: what Streamlit's theme gives the texts that say nothing of their size
_TICK, _TITLE = 12, 14
_AXES = ("xaxis", "yaxis", "xaxis2", "yaxis2")


def figure(
    *traces: BaseTraceType | Mapping[str, object],
    height: int = 220,
    x_title: str = "",
    y_title: str = "",
    checked: bool = True,
    **layout: object,
) -> go.Figure:
    """A figure of `traces` in the house style; `height` in pixels.

    checked: False where a figure is drawn at every move of a slider: Plotly then believes all values as they are, and
    takes a fifth of the time. A test has such figures checked.
    """
    axes = {
        f"{letter}axis": {"title": {"text": title}, "gridcolor": GRID, "zerolinecolor": GRID}
        for letter, title in (("x", x_title), ("y", y_title))
    }
    return go.Figure(
        data=list(traces),
        layout={
            "height": height,
            "margin": {"l": 48, "r": 8, "t": 8, "b": 40},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "showlegend": False,
            "dragmode": False,
            **axes,
            **layout,
        },
        _validate=checked,
    )


def inked(chart: go.Figure, theme: str) -> go.Figure:
    """The same figure, its texts in the colour of the page's: Streamlit's own, of the ticks, has 3.7 to 1.

    Written where Plotly keeps what a figure has: its own way there looks each name up and tells the figure of each
    change, which was a fourteenth of what a press on a slider costs the server.
    """
    ink, layout = palette.INK[theme], chart._layout
    _place(layout, "font")["color"] = _place(layout, "legend", "font")["color"] = ink
    for name in _AXES:
        if name in layout:
            _place(layout, name, "tickfont")["color"] = _place(layout, name, "title", "font")["color"] = ink
    return chart


def _place(layout: dict, *names: str) -> dict:
    """What stands below these names, empty where nothing did."""
    for name in names:
        layout = layout.setdefault(name, {})
    return layout


def enlarged(chart: go.Figure, factor: float) -> go.Figure:
    """The same figure with texts, margins and lines so many times as large, for a projector: the browser, which
    enlarges all else, gives a chart more room but draws it as fine as before."""
    layout = chart.layout
    for axis in (*chart.select_xaxes(), *chart.select_yaxes()):
        axis.tickfont.size = factor * (axis.tickfont.size or _TICK)
        axis.title.font.size = factor * (axis.title.font.size or _TITLE)
    for said in (*layout.annotations, layout.legend, layout.hoverlabel):
        said.font.size = factor * (said.font.size or _TICK)
    layout.font.size = factor * (layout.font.size or _TICK)
    for side in "lrtb":
        if layout.margin[side]:
            layout.margin[side] *= factor
    for trace in chart.data:
        for name, part in (("line", "width"), ("marker", "size"), ("textfont", "size")):
            at = f"{name}.{part}"
            if at in trace and isinstance(trace[at], int | float):
                trace[at] *= factor
    return chart
