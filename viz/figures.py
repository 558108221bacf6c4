"""What all Plotly figures share: margins, transparent background, no tools that hide the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

if TYPE_CHECKING:
    from plotly.basedatatypes import BaseTraceType

# Streamlit sets fonts and text colours for light and dark on top of this.
CONFIG = {"displayModeBar": False, "scrollZoom": False}
GRID = "rgba(128, 128, 128, 0.2)"


def figure(
    *traces: BaseTraceType, height: int = 220, x_title: str = "", y_title: str = "", **layout: object
) -> go.Figure:
    """A figure of `traces` in the house style; `height` in pixels."""
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
    )
