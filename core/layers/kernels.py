"""Convolution kernels that a person chooses: named presets, and values typed by hand."""

import math

import numpy as np

# One 3×3 kernel a name, as image processing textbooks give them. Keras' Conv2D slides a kernel without
# flipping it (cross-correlation), so "sobel x" answers with positive values where the right is brighter.
PRESETS: dict[str, np.ndarray] = {
    "identity": np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]], np.float32),
    "blur": np.full((3, 3), 1 / 9, np.float32),
    "gaussian": np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]], np.float32) / 16,
    "sharpen": np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], np.float32),
    "sobel x": np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], np.float32),
    "sobel y": np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]], np.float32),
    "laplacian": np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]], np.float32),
    "emboss": np.array([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]], np.float32),
}

# What to look for in the feature map of each preset.
PRESET_NOTES = {
    "identity": "copies the picture",
    "blur": "the mean of nine pixels",
    "gaussian": "a softer blur, centre first",
    "sharpen": "edges stronger, flat areas unchanged",
    "sobel x": "vertical edges: dark to bright is positive",
    "sobel y": "horizontal edges: dark to bright is positive",
    "laplacian": "all edges, both signs",
    "emboss": "light from the upper left",
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
            f"Every kernel row needs the same number of values: "
            f"row 0 has {len(rows[0])}, another has {(widths - {len(rows[0])}).pop()}."
        )
    if len(rows) > LARGEST_SIZE or len(rows[0]) > LARGEST_SIZE:
        raise KernelError(
            f"A kernel has at most {LARGEST_SIZE} × {LARGEST_SIZE} values, this one {len(rows)} × {len(rows[0])}."
        )
    values = [[_number(cell, r, c) for c, cell in enumerate(row)] for r, row in enumerate(rows)]
    return np.array(values, np.float32)


def _number(cell: str, row: int, column: int) -> float:
    try:
        value = float(cell.strip().replace("−", "-"))
    except ValueError:
        value = math.nan
    if not abs(value) <= LARGEST_VALUE:  # also catches nan
        shown = cell.strip()[:20] or "nothing"
        raise KernelError(
            f"Every kernel value must be a number from −{LARGEST_VALUE:g} to {LARGEST_VALUE:g}: "
            f"row {row}, column {column} holds “{shown}”."
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
