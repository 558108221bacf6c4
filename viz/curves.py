"""Curves over a value."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from viz import palette
from viz.figures import figure
from words import _


def activation(curve_x: np.ndarray, curve_y: np.ndarray, points_x: np.ndarray, points_y: np.ndarray, name: str):
    """The function as a line and this input's values as points on it."""
    return figure(
        go.Scatter(
            x=curve_x,
            y=curve_y,
            mode="lines",
            name=name,
            line={"color": palette.GREY, "width": 2},
            hoverinfo="skip",
        ),
        go.Scatter(
            x=points_x,
            y=points_y,
            mode="markers",
            name=_("values"),
            marker={
                "size": 6,
                "opacity": 0.5,
                "color": np.where(points_x < 0, *palette.SIGNS["activations"]),
            },
            hovertemplate=name + "(%{x:.4g}) = %{y:.4g}<extra></extra>",
        ),
        height=260,
        x_title=_("value in"),
        y_title=_("value out"),
    )
