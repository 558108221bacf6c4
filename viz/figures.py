"""What all Plotly figures share: margins, transparent background, no tools that hide the picture."""

from __future__ import annotations

import plotly.graph_objects as go

# Streamlit sets fonts and text colours for light and dark on top of this.
CONFIG = {"displayModeBar": False, "scrollZoom": False}
_GRID = "rgba(128, 128, 128, 0.2)"


def figure(*traces, height: int = 220, x_title: str = "", y_title: str = "", **layout) -> go.Figure:
    """A figure of `traces` in the house style; `height` in pixels."""
    return go.Figure(
        data=list(traces),
        layout={
            "height": height,
            "margin": {"l": 48, "r": 8, "t": 8, "b": 40},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "showlegend": False,
            "dragmode": False,
            "xaxis": {"title": {"text": x_title}, "gridcolor": _GRID, "zerolinecolor": _GRID},
            "yaxis": {"title": {"text": y_title}, "gridcolor": _GRID, "zerolinecolor": _GRID},
            **layout,
        },
    )
