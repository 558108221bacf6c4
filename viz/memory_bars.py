"""Bytes by dtype."""

from __future__ import annotations

import plotly.graph_objects as go

from viz import palette
from viz.figures import figure
from words import _

_OTHERS = "rgba(138, 143, 152, 0.35)"


def sizes(memory: dict[str, int], before: str, after: str) -> go.Figure:
    """A bar for each dtype, the first on top; grey for the dtype before, orange for the one after."""
    names = list(memory)
    colours = {name: _OTHERS for name in names} | {before: palette.BEFORE, after: palette.AFTER}
    chart = figure(
        go.Bar(
            x=list(memory.values()),
            y=names,
            orientation="h",
            marker={"color": list(colours.values())},
            text=[size(count) for count in memory.values()],
            textposition="outside",
            cliponaxis=False,
            hovertemplate=_("%{y}: %{x:,} bytes") + "<extra></extra>",
        ),
        height=40 + 24 * len(names),
    )
    chart.update_layout(
        margin={"l": 72, "r": 72, "t": 8, "b": 8},
        yaxis={"autorange": "reversed", "type": "category", "showgrid": False},
        xaxis={"visible": False},
    )
    return chart


def size(count: int) -> str:
    """1676266 → "1.68 MB"; MB counts millions, as disks do."""
    for unit, factor in (("MB", 1_000_000), ("kB", 1000)):
        if count >= factor:
            return f"{count / factor:.3g} {unit}"
    return f"{count} B"
