"""A network drawn to scale: a box for each layer, from top to bottom, as wide as its maps and as tall as their number.

A box for (height, width, channels) is `width` wide and the square root of `channels` tall; one for (units,) is 1
wide. The square root, because 3,136 units beside 32 maps would leave nothing of the maps to see.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from viz import palette
from viz.figures import figure

PIXELS_PER_ROOT = 2.2  # height of a box with one channel; one with 64 is eight times as tall
_LINE_PX = 19  # every layer has room for its line of text
_GAP_PX = 5
_GROUP_GAP_PX = 12
_LEGEND_PX = 64
# of the width: the boxes, then the words
_BOXES, _WORDS = 0.4, 0.44


@dataclass(frozen=True)
class Box:
    """One layer. kind: what the legend calls its kind; shape: its output, (height, width, channels) or (units,);
    details: lines that pointing at it shows; group: layers of one group stand closer together; colour: that of its
    kind; hatched: whether the box has holes, in print and for people who see no colours too."""

    name: str
    kind: str
    shape: tuple[int, ...]
    details: tuple[str, ...] = ()
    group: str = ""
    colour: str = palette.INPUT_KIND
    hatched: bool = False


def size(shape: tuple[int, ...]) -> tuple[float, float]:
    """Width of a box in pixels of the digit, and its height in roots of channels."""
    return (float(shape[1]) if len(shape) == 3 else 1.0), math.sqrt(shape[-1])


def diagram(boxes: Sequence[Box], theme: str) -> go.Figure:
    """The drawing, first layer on top; one legend entry for each kind that occurs. theme: "light" or "dark"."""
    widest = max(size(box.shape)[0] for box in boxes)
    centres, bottom = _centres(boxes)
    kinds = dict.fromkeys(box.kind for box in boxes)
    hidden = {"visible": False, "fixedrange": True}
    return figure(
        *(_bars(kind, boxes, centres) for kind in kinds),
        _words(boxes, centres, widest, palette.INK[theme]),
        height=round(bottom + _LEGEND_PX),
        checked=False,
        showlegend=True,
        margin={"l": 4, "r": 4, "t": _LEGEND_PX, "b": 0},
        barmode="overlay",
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "itemclick": False, "itemdoubleclick": False},
        hoverlabel={"align": "left"},
        # the widest box takes its share of the figure, whatever the figure's width
        xaxis={**hidden, "range": [-widest / 2, widest * (1 / _BOXES - 0.5)]},
        yaxis={**hidden, "range": [bottom, 0]},
    )


def _centres(boxes: Sequence[Box]) -> tuple[list[float], float]:
    """Where each box has its middle, in pixels from the top, and where the last one ends."""
    centres, top, group = [], 0.0, boxes[0].group
    for box in boxes:
        top += _GROUP_GAP_PX if box.group != group else 0
        group = box.group
        room = max(_LINE_PX, _height(box) + _GAP_PX)
        centres.append(top + room / 2)
        top += room
    return centres, top


def _height(box: Box) -> float:
    return PIXELS_PER_ROOT * size(box.shape)[1]


def _bars(kind: str, boxes: Sequence[Box], centres: list[float]) -> dict[str, object]:
    picked = [(box, centre) for box, centre in zip(boxes, centres, strict=True) if box.kind == kind]
    widths = [size(box.shape)[0] for box, _ in picked]
    return dict(
        type="bar",
        orientation="h",
        name=kind,
        x=widths,
        base=[-width / 2 for width in widths],
        y=[centre for _, centre in picked],
        width=[_height(box) for box, _ in picked],
        marker={
            "color": picked[0][0].colour,
            "line": {"width": 0},
            "pattern": {"shape": "/" if picked[0][0].hatched else "", "size": 5, "solidity": 0.35},
        },
        customdata=[["<br>".join((f"<b>{box.name}</b>", *box.details))] for box, _ in picked],
        hovertemplate="%{customdata[0]}<extra></extra>",
    )


def _words(boxes: Sequence[Box], centres: list[float], widest: float, ink: str) -> dict[str, object]:
    """Name and shape of each layer, right of its box."""
    start = widest * (_WORDS / _BOXES - 0.5)
    return dict(
        type="scatter",
        x=[start] * len(boxes),
        y=centres,
        mode="text",
        text=[f"{box.name}  <b>{' × '.join(map(str, box.shape))}</b>" for box in boxes],
        textposition="middle right",
        textfont={"size": 11, "color": ink},
        cliponaxis=False,
        showlegend=False,
        hoverinfo="skip",
    )
