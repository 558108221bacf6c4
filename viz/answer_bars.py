"""What a class has answered, as bars that a room can read."""

from __future__ import annotations

import textwrap
import unicodedata

import numpy as np
import plotly.graph_objects as go

from viz import palette
from viz.figures import figure
from words import _

_RIGHT, _OTHER = palette.RUNS[0], palette.GREY
_ROW = 38
# of a label: longer ones leave no room to the bars of a phone
_LINE = 24
_LINE_HEIGHT = 20
# a class of one would otherwise fill the whole width
_LEAST = 5


def answers(labels: list[str], counts: np.ndarray, correct: np.ndarray | None = None) -> go.Figure:
    """A bar an answer, the first on top, with its count in words of a size for a projector.

    counts: int (n,). correct: int (n,), how many of those were right: another colour, and the labels of who is right
    are for the caller to mark; None: all bars look alike.
    """
    right = np.zeros_like(counts) if correct is None else correct
    others = _("not right") if correct is not None else _("answers")
    hover_others = _("%{customdata}: %{x} not right") if correct is not None else _("%{customdata}: %{x} answers")
    parts = (
        (right, _RIGHT, _("right"), _("%{customdata}: %{x} right")),
        (counts - right, _OTHER, others, hover_others),
    )
    # by number: a label such as “28” would otherwise be taken for the 29th place of the axis
    places = list(range(len(labels)))
    folded = [_folded(label) for label in labels]
    row = _ROW + _LINE_HEIGHT * max((label.count("<br>") for label in folded), default=0)
    chart = figure(
        *(
            go.Bar(
                x=values,
                y=places,
                orientation="h",
                name=name,
                marker={"color": colour},
                customdata=labels,
                hovertemplate=hover + "<extra></extra>",
            )
            for values, colour, name, hover in parts
        ),
        height=24 + row * max(1, len(labels)),
    )
    chart.update_layout(
        barmode="stack",
        margin={"l": 8, "r": 8, "t": 4, "b": 4},
        xaxis={"range": [0, 1.12 * max(_LEAST, int(counts.max(initial=0)))], "visible": False, "fixedrange": True},
        yaxis={
            "range": [len(labels) - 0.5, -0.5],
            "tickvals": places,
            "ticktext": folded,
            "tickfont": {"size": 15},
            "automargin": True,
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
        },
        annotations=[
            {
                "x": int(count),
                "y": place,
                "text": f" {count}",
                "showarrow": False,
                "xanchor": "left",
                "font": {"size": 16},
            }
            for place, count in zip(places, counts, strict=True)
        ],
    )
    return chart


def _folded(label: str) -> str:
    """The label in lines. A sign of Korean is as wide as two letters."""
    wide = any(unicodedata.east_asian_width(sign) in "WF" for sign in label)
    return "<br>".join(textwrap.wrap(label, _LINE // 2 if wide else _LINE))
