"""A tensor as blocks of cells with an arrow along each axis."""

from __future__ import annotations

import math

import numpy as np
import plotly.graph_objects as go

from viz import palette
from viz.figures import figure
from words import _

# a value as numpy or Python has it
Number = bool | int | float | np.generic

# Cells that a picture has room for, in each direction and per axis.
MOST_CELLS = 40
_MOST_ROWS = 24
_MOST_BLOCKS = 6
_WITH_TEXT = 220
_LONGEST = 7
_FEW_ROWS, _LOW_PX = 6, 32
_CELL_PX = (16, 52)
_WIDEST_PX = 620


def crop(shape: tuple[int, ...]) -> tuple[int, ...]:
    """How many entries of each axis are drawn, from the start.

    The last two axes are the rows and columns of a block, the third from last counts blocks side by side, all
    earlier ones blocks one below the other; a line of blocks and a column of blocks have MOST_CELLS of room.
    """
    rank = len(shape)
    shown = [min(length, _MOST_ROWS if axis >= rank - 2 else _MOST_BLOCKS) for axis, length in enumerate(shape)]
    for axes, size in (([rank - 3], shown[-1:]), (list(range(rank - 3)), shown[-2:-1])):
        while axes and rank > 2 and math.prod(shown[axis] for axis in axes) * (size[0] + 1) > MOST_CELLS:
            longest = max(axes, key=lambda axis: shown[axis])
            if shown[longest] == 1:
                break
            shown[longest] -= 1
    return tuple(shown)


def picture(
    values: np.ndarray,
    cells: np.ndarray,
    size: tuple[int, int],
    axes: tuple[tuple[int, ...], ...],
    lengths: tuple[int, ...],
    theme: str,
) -> tuple[go.Figure, int]:
    """The drawing and its width in pixels.

    values: what is drawn; cells: (values.size, 2) row and column of each; size: (rows, columns) of the whole;
    axes: which of the tensor's axes run along (rows of blocks, blocks, rows, columns); lengths: of the whole
    tensor, of which `values` may be a part.
    """
    rows, columns = size
    grid, hover, written = np.full(size, np.nan), np.full(size, "", object), np.full(size, "", object)
    numbers = np.nan_to_num(values.astype(np.float64).ravel(), posinf=0.0, neginf=0.0)
    grid[cells[:, 0], cells[:, 1]] = numbers
    for (row, column), index, value in zip(cells, np.ndindex(values.shape), values.ravel(), strict=True):
        place = ", ".join(map(str, index))
        hover[row, column] = f"tensor[{place}] = {text(value)}" if index else f"tensor = {text(value)}"
        written[row, column] = short(value)
    longest = max(len(entry) for entry in written.ravel())
    widest = max(_CELL_PX[1], 10 * longest)
    cell = int(np.clip(_WIDEST_PX // max(columns, 1), _CELL_PX[0], widest))
    line = min(cell, _CELL_PX[1] if rows <= _FEW_ROWS else _LOW_PX)
    span = palette.symmetric(numbers, "tensor")
    cells_of = {
        "zmin": span.low,
        "zmax": span.high,
        "colorscale": palette.plotly_scale("activations", theme),
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "hoverongaps": False,
    }
    layers = [go.Heatmap(z=grid, customdata=hover, hovertemplate="%{customdata}<extra></extra>", **cells_of)]
    if values.size <= _WITH_TEXT:
        # Plotly has one colour for all texts of a trace: the dark ones and the light ones are one each
        dark = palette.dark_ink(palette.colourise(grid, span, "activations", theme))
        font = {"size": max(6.0, min(14.0, 0.5 * line, 1.5 * cell / max(1, longest)))}
        layers += [
            go.Heatmap(
                z=np.where(where, grid, np.nan),
                text=np.where(where, written, ""),
                texttemplate="%{text}",
                textfont=font | {"color": ink},
                hoverinfo="skip",
                **cells_of,
            )
            for where, ink in ((dark, "#000"), (~dark & np.isfinite(grid), "#fff"))
            if where.any()
        ]
    chart = figure(*layers)
    arrows, margin = _arrows(values.shape, size, axes, lengths, (line, cell))
    width = cell * columns + margin["l"] + margin["r"]
    hidden = {"visible": False, "fixedrange": True}
    chart.update_layout(
        height=line * rows + margin["t"] + margin["b"],
        margin=margin,
        annotations=arrows,
        xaxis={**hidden, "range": [-0.5, columns - 0.5]},
        yaxis={**hidden, "range": [rows - 0.5, -0.5]},
    )
    return chart, width


def text(value: Number) -> str:
    """A value as the hover text has it."""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (int, np.integer)):
        return str(value).replace("-", "−")
    return f"{float(value):.4g}".replace("-", "−")


def short(value: Number) -> str:
    """A value as it is written into its cell: long whole numbers are rounded, the hover text has them in full."""
    written = text(value)
    return written if len(written) <= _LONGEST else f"{float(value):.4g}".replace("-", "−")


def _arrows(
    shape: tuple[int, ...],
    size: tuple[int, int],
    axes: tuple[tuple[int, ...], ...],
    lengths: tuple[int, ...],
    cell: tuple[int, int],
) -> tuple[list[dict], dict]:
    """One arrow for each axis: columns and blocks above the picture, rows and rows of blocks on its left."""
    rows, columns = size
    folded, blocks, down, right = axes
    block_rows, block_columns = (shape[-2] if down else 1), (shape[-1] if right else 1)
    made, top, left = [], 10, 10
    if right:
        made.append(_across(block_columns, top, _name(right, lengths)))
        top += 26
    if blocks:
        made.append(_across(columns, top, _name(blocks, lengths)))
        top += 26
    if down:
        made.append(_along(block_rows, left, _name(down, lengths)))
        left += 26
    if folded:
        made.append(_along(rows, left, _name(folded, lengths)))
        left += 26
    # short arrows still need room for their words
    words = [len(_name(group, lengths)) * 7 for group in (right, blocks) if group]
    extra = max([0, *(width - cell[1] * columns for width in words)])
    below = [len(_name(group, lengths)) * 7 for group in (down, folded) if group]
    more = max([0, *(height - cell[0] * rows for height in below)])
    annotations = [part for pair in made for part in pair]
    return annotations, {"l": left, "r": 10 + extra, "t": top, "b": 10 + more}


def _name(group: tuple[int, ...], lengths: tuple[int, ...]) -> str:
    sizes = " × ".join(str(lengths[axis]) for axis in group)
    if len(group) == 1:
        return _("axis {axis}: {sizes}", axis=group[0], sizes=sizes)
    return _("axes {first}–{last}: {sizes}", first=group[0], last=group[-1], sizes=sizes)


_LINE = {"showarrow": True, "arrowhead": 2, "arrowwidth": 1.5, "arrowcolor": palette.GREY, "text": ""}
_WORD = {"showarrow": False, "font": {"size": 12}}


def _across(length: int, offset: int, name: str) -> tuple[dict, dict]:
    """An arrow to the right, `offset` pixels above the picture, with its words over it."""
    above = {"y": 1, "yref": "paper"}
    line = _LINE | above | {"x": length - 0.5, "axref": "x", "ax": -0.5, "ay": 0, "yshift": offset - 4}
    word = _WORD | above | {"x": -0.5, "xanchor": "left", "yanchor": "bottom", "yshift": offset - 4}
    return line, word | {"text": name}


def _along(length: int, offset: int, name: str) -> tuple[dict, dict]:
    """An arrow down, `offset` pixels left of the picture, with its words beside it."""
    beside = {"x": 0, "xref": "paper"}
    line = _LINE | beside | {"y": length - 0.5, "ayref": "y", "ay": -0.5, "ax": 0, "xshift": 4 - offset}
    word = _WORD | beside | {"y": -0.5, "yanchor": "top", "xanchor": "right", "xshift": 4 - offset}
    return line, word | {"text": name, "textangle": -90}
