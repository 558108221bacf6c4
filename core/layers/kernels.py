"""Convolution kernels that a person chooses: named presets, and values typed by hand."""

import math

import numpy as np

from words import N_, _

# One 3×3 kernel a name, as image processing textbooks give them. Keras' Conv2D slides a kernel without
# flipping it (cross-correlation), so "sobel x" answers with positive values where the right is brighter.
PRESETS: dict[str, np.ndarray] = {
    N_("identity"): np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]], np.float32),
    N_("blur"): np.full((3, 3), 1 / 9, np.float32),
    N_("gaussian"): np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]], np.float32) / 16,
    N_("sharpen"): np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], np.float32),
    N_("sobel x"): np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], np.float32),
    N_("sobel y"): np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]], np.float32),
    N_("laplacian"): np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]], np.float32),
    N_("emboss"): np.array([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]], np.float32),
}

# What to look for in the feature map of each preset. Both names and notes are to be said with `_`.
PRESET_NOTES = {
    "identity": N_("copies the picture"),
    "blur": N_("the mean of nine pixels"),
    "gaussian": N_("a softer blur, centre first"),
    "sharpen": N_("edges stronger, flat areas unchanged"),
    "sobel x": N_("vertical edges: dark to bright is positive"),
    "sobel y": N_("horizontal edges: dark to bright is positive"),
    "laplacian": N_("all edges, both signs"),
    "emboss": N_("light from the upper left"),
}

LARGEST_VALUE = 100.0
LARGEST_SIZE = 11


class KernelError(ValueError):
    """Typed kernel values that cannot be used; the message is for the person who typed them."""


def stack(kernels: list[np.ndarray]) -> np.ndarray:
    """Kernels (height, width) of one size → the (height, width, 1, filters) that Conv2D stores."""
    return np.stack(kernels, axis=-1)[:, :, np.newaxis, :].astype(np.float32)


def parse(text: str) -> np.ndarray:
    """`"0,1,0;1,-4,1;0,1,0"` → float32 (height, width): rows split by `;`, values by `,`.

    Raises KernelError with one sentence that names the first cell that is not a usable number.
    """
    rows = [row.split(",") for row in text.strip().strip(";").split(";")]
    widths = {len(row) for row in rows}
    if len(widths) > 1:
        raise KernelError(
            _(
                "Every kernel row needs the same number of values: row 0 has {first}, another has {other}.",
                first=len(rows[0]),
                other=(widths - {len(rows[0])}).pop(),
            )
        )
    if len(rows) > LARGEST_SIZE or len(rows[0]) > LARGEST_SIZE:
        raise KernelError(
            _(
                "A kernel has at most {most} × {most} values, this one {height} × {width}.",
                most=LARGEST_SIZE,
                height=len(rows),
                width=len(rows[0]),
            )
        )
    values = [[_number(cell, r, c) for c, cell in enumerate(row)] for r, row in enumerate(rows)]
    return np.array(values, np.float32)


def _number(cell: str, row: int, column: int) -> float:
    try:
        value = float(cell.strip().replace("−", "-"))
    except ValueError:
        value = math.nan
    if not abs(value) <= LARGEST_VALUE:  # also catches nan
        shown = cell.strip()[:20] or _("nothing")
        raise KernelError(
            _(
                "Every kernel value must be a number from −{most:g} to {most:g}: "
                "row {row}, column {column} holds “{shown}”.",
                most=LARGEST_VALUE,
                row=row,
                column=column,
                shown=shown,
            )
        )
    return value


def as_text(kernel: np.ndarray) -> str:
    """The inverse of `parse`: shortest decimals that give the same float32 values."""
    return ";".join(",".join(_shortest(value) for value in row) for row in kernel)


def as_literal(text: str) -> str:
    """`"0,1;1,0"` → `"[[0, 1], [1, 0]]"`: the values of `parse` as a Python list, in the digits of `as_text`."""
    # not the typed digits: “−1”, “007” and “٣” are numbers to a person, and no Python
    rows = as_text(parse(text)).replace(",", ", ").split(";")
    return "[" + ", ".join(f"[{row}]" for row in rows) + "]"


def _shortest(value: float) -> str:
    return np.format_float_positional(np.float32(value), trim="-")


def fit(text: str, height: int, width: int) -> str:
    """`text` cut or filled with zeros about its centre to (height, width); what was typed stays as typed."""
    rows = [row.split(",") for row in text.strip().strip(";").split(";")]
    rows = _centred(rows, height, ["0"] * len(rows[0]))
    return ";".join(",".join(_centred(row, width, "0")) for row in rows)


def _centred(items: list, length: int, filler: object) -> list:
    """`items` cut or filled at both ends, evenly, to `length`."""
    surplus = len(items) - length
    if surplus >= 0:
        return items[surplus // 2 : surplus // 2 + length]
    before = -surplus // 2
    return [filler] * before + items + [filler] * (-surplus - before)
