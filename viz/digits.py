"""Pictures and counts of a data set of digits."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from PIL import Image

from viz import palette, walls
from viz.figures import GRID, figure
from words import _

_SIDE_PX = 350
_HALVES = (palette.BEFORE, palette.AFTER)


def grey(image: np.ndarray, scale: int = 4) -> Image.Image:
    """(height, width) pixel values from 0 to 255, whole or not."""
    return walls.picture(np.rint(image).astype(np.uint8), scale)


def large(image: np.ndarray) -> go.Figure:
    """One image (28, 28) uint8, with row, column and value of the pixel under the pointer."""
    rows, columns = image.shape
    chart = figure(
        go.Heatmap(
            z=image,
            zmin=0,
            zmax=255,
            colorscale=[[0, "#000"], [1, "#fff"]],
            showscale=False,
            hovertemplate=_("row %{y}, column %{x}: %{z}") + "<extra></extra>",
        ),
        height=_SIDE_PX,
    )
    ticks = {"tickvals": list(range(0, rows, 9)), "showgrid": False, "zeroline": False, "fixedrange": True}
    # where the place is not square, the picture stays square, at the top left
    ticks["constrain"] = "domain"
    chart.update_layout(
        margin={"l": 28, "r": 4, "t": 4, "b": 28},
        xaxis={**ticks, "range": [-0.5, columns - 0.5], "constraintoward": "left"},
        yaxis={
            **ticks,
            "range": [rows - 0.5, -0.5],
            "scaleanchor": "x",
            "constrain": "domain",
            "constraintoward": "top",
        },
    )
    return chart


def counts(halves: dict[str, np.ndarray], share: bool) -> go.Figure:
    """Bars for each digit, side by side for the halves; as a share of its half, or as images."""
    chart = figure(
        *(
            go.Bar(
                x=list(range(len(numbers))),
                y=numbers / numbers.sum() if share else numbers,
                name=name,
                marker={"color": colour},
                customdata=np.stack([numbers, numbers / numbers.sum()], axis=-1),
                hovertemplate=_("digit %{x}: %{customdata[0]:,} images, %{customdata[1]:.1%}")
                + f"<extra>{name}</extra>",
            )
            for (name, numbers), colour in zip(halves.items(), _HALVES, strict=True)
        ),
        height=280,
        x_title=_("digit"),
        y_title=_("share of its half") if share else _("images"),
        showlegend=True,
    )
    chart.update_layout(
        barmode="group",
        legend={"orientation": "h", "y": 1.12, "x": 0},
        margin={"l": 60, "t": 28},
        xaxis={"dtick": 1},
        yaxis={"tickformat": ".0%" if share else ",d"},
    )
    return chart


def pixels(counts: np.ndarray, edges: np.ndarray, log: bool) -> go.Figure:
    """How often pixel values occur; edges: (bins + 1,) whole numbers from 0 to 256."""
    chart = figure(
        go.Bar(
            x=(edges[:-1] + edges[1:] - 1) / 2,
            y=counts,
            width=np.diff(edges),
            marker={"color": palette.BEFORE, "line": {"width": 0}},
            customdata=np.stack([edges[:-1], edges[1:] - 1], axis=-1),
            hovertemplate=_("%{y:,} pixels from %{customdata[0]} to %{customdata[1]}") + "<extra></extra>",
        ),
        height=260,
        x_title=_("pixel value"),
        y_title=_("pixels"),
    )
    grid = {"gridcolor": GRID, "zeroline": False}
    chart.update_layout(
        margin={"l": 60},
        bargap=0,
        xaxis={"range": [-0.5, 255.5], "tickvals": [0, 64, 128, 192, 255]},
        yaxis={**grid, "type": "log", "dtick": 1} if log else grid,
    )
    return chart
