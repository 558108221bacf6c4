"""A tensor from typed values, as TensorFlow makes it: shape, dtype, bytes, and where its cells are drawn."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.tensors.literals import Parsed, TensorInputError
from words import _

if TYPE_CHECKING:
    import tensorflow as tf

# Bytes of one value, by dtype.
ITEMSIZES = {
    "float16": 2,
    "bfloat16": 2,
    "float32": 4,
    "float64": 8,
    "int8": 1,
    "int16": 2,
    "int32": 4,
    "int64": 8,
    "uint8": 1,
    "bool": 1,
}
DTYPES = tuple(ITEMSIZES)
WAYS = {
    "list": "tf.constant(list)",
    "tuple": "tf.constant(tuple)",
    "array": "np.array → tf.constant",
}


@dataclass(frozen=True, eq=False)
class TensorReport:
    """A tensor that TensorFlow made, or a plain array. `values` is read-only, `itemsize` and `nbytes` count bytes.

    `code` is a script that makes it again, under the name `tensor`, or `arr`.
    """

    values: np.ndarray
    code: str

    @property
    def shape(self) -> tuple[int, ...]:
        """Length of each axis; () for a scalar."""
        return self.values.shape

    @property
    def rank(self) -> int:
        """Number of axes."""
        return self.values.ndim

    @property
    def dtype(self) -> str:
        """The name of the type, e.g. "bfloat16"."""
        return self.values.dtype.name

    @property
    def itemsize(self) -> int:
        """Bytes of one value."""
        return self.values.dtype.itemsize

    @property
    def nbytes(self) -> int:
        """Bytes of all values."""
        return self.values.nbytes


def build(parsed: Parsed, how: str, dtype: str | None = None) -> TensorReport:
    """The tensor of `parsed` made one of three WAYS; `dtype` None leaves the type to TensorFlow or numpy.

    The default differs: tf.constant([1, 2]) is int32 and tf.constant([0.5]) float32, whereas np.array chooses
    int64 and float64 and tf.constant keeps what it is given. Raises TensorInputError with one sentence where
    TensorFlow refuses the values, ValueError for an unknown `how` or `dtype`.
    """
    _check(how, WAYS, "way to build")
    if dtype is not None:
        _check(dtype, DTYPES, "dtype")
    import tensorflow as tf

    nested = _nested(parsed.value, tuple if how == "tuple" else list)
    try:
        # numpy warns on values it cannot convert; what became of them is shown value by value instead
        with np.errstate(all="ignore"):
            tensor = tf.constant(np.array(nested) if how == "array" else nested, dtype=dtype)
    except (TypeError, ValueError, OverflowError, tf.errors.InvalidArgumentError) as error:
        raise TensorInputError(_refusal(parsed, dtype)) from error
    return TensorReport(as_array(tensor), _code(nested, how, dtype))


def array(parsed: Parsed) -> TensorReport:
    """`parsed` as np.array makes it, without TensorFlow: the same shape, but numpy's own choice of dtype.

    For values of which `build` makes a tensor; others numpy may give the dtype object.
    """
    nested = _nested(parsed.value, list)
    values, source = _named_source(nested)
    lines = ["import numpy as np", "", *values, f"arr = np.array({source})", "print(arr.shape, arr.dtype)"]
    return TensorReport(_readonly(np.array(nested)), "\n".join(lines))


def _check(name: str, known: Iterable[str], what: str) -> None:
    if name not in known:
        raise ValueError(f"The {what} must be one of {', '.join(known)}, not {name!r}.")


def _nested(value: object, kind: type) -> object:
    return kind(_nested(entry, kind) for entry in value) if isinstance(value, (list, tuple)) else value


def _refusal(parsed: Parsed, dtype: str | None) -> str:
    """Why TensorFlow refused: its own words name Python and C++ internals and no remedy."""
    types = {type(value) for value in parsed.flat}
    if bool in types and len(types) > 1:
        return _("tf.constant expects values of one kind, these mix True or False with numbers.")
    too_large = [v for v in parsed.flat if type(v) is int and not -(2**63) <= v < 2**63]
    if too_large:
        return _(
            "tf.constant expects whole numbers that fit in 64 bits, {number} does not.", number=_brief(too_large[0])
        )
    if dtype is None and (large := next((v for v in parsed.flat if type(v) is float and _beyond_float32(v)), None)):
        return _(
            "tf.constant expects fractions that fit in float32, the dtype it gives them, up to 3.4e+38; "
            "{number:g} is beyond: give it the dtype float64.",
            number=large,
        )
    came = _("True or False") if bool in types else _("fractions") if float in types else _("whole numbers")
    return _(
        "tf.constant expects values that already are of the kind {dtype}, these are {came}: "
        "build the tensor without a dtype and convert it with tf.cast.",
        dtype=dtype,
        came=came,
    )


def _beyond_float32(value: float) -> bool:
    return math.isfinite(value) and abs(value) > float(np.finfo(np.float32).max)


def _brief(number: int) -> str:
    digits = str(number)
    if len(digits) <= 24:
        return digits
    return _("{start}… ({count} digits)", start=digits[:10], count=len(digits.lstrip("-")))


def _code(nested: object, how: str, dtype: str | None) -> str:
    lines = ["import numpy as np"] * (how == "array") + ["import tensorflow as tf", ""]
    values, source = _named_source(nested)
    lines += values
    argument = f"np.array({source})" if how == "array" else source
    chosen = f", dtype=tf.{dtype}" if dtype else ""
    lines += [f"tensor = tf.constant({argument}{chosen})", "print(tensor.shape, tensor.dtype)"]
    return "\n".join(lines)


def _named_source(nested: object) -> tuple[list[str], str]:
    """Lines that give long values a name, none for short ones, and what to write in their place."""
    source = _source(nested)
    if len(source) <= 60:
        return [], source
    return textwrap.wrap(f"values = {source}", 100, break_long_words=False, break_on_hyphens=False), "values"


def _source(value: object) -> str:
    """Like repr, but runnable where a number is too large for a float: 1e999 rather than inf."""
    if isinstance(value, (list, tuple)):
        inside = ", ".join(_source(entry) for entry in value)
        if isinstance(value, list):
            return f"[{inside}]"
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    return repr(value).replace("inf", "1e999")


def as_array(tensor: tf.Tensor) -> np.ndarray:
    """A read-only copy of a tf.Tensor; np.array(tensor) would fail for a bfloat16 scalar."""
    return _readonly(np.array(tensor.numpy()))


def plain(values: np.ndarray) -> np.ndarray:
    """`values` in a dtype that every drawing library reads: the 2-byte floats become float32, exactly."""
    return values.astype(np.float32) if values.dtype.name in ("bfloat16", "float16") else values


def memory(count: int) -> dict[str, int]:
    """Bytes that `count` values take in each dtype, for a tensor as for the weights of a network."""
    return {dtype: count * itemsize for dtype, itemsize in ITEMSIZES.items()}


@dataclass(frozen=True)
class AxesLayout:
    """Where the cells of a tensor are drawn: a grid of blocks, each block a matrix of cells.

    `grid` is (block rows, block columns, rows, columns); `axes` names the tensor's axes along each of the
    four, several where high ranks are folded, none where the tensor has fewer than four axes.
    """

    grid: tuple[int, int, int, int]
    axes: tuple[tuple[int, ...], ...]

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the drawing in cells, with a gap of one cell between blocks."""
        down, across, rows, columns = self.grid
        return down * (rows + 1) - 1, across * (columns + 1) - 1

    def cells(self) -> np.ndarray:
        """(values, 2) int: row and column of each value, in the order of `values.ravel()`."""
        down, across, row, column = np.indices(self.grid).reshape(4, -1)
        rows, columns = self.grid[2:]
        return np.stack([down * (rows + 1) + row, across * (columns + 1) + column], axis=1)


def axes_layout(shape: tuple[int, ...]) -> AxesLayout:
    """The last axis runs to the right, the one before down, the third from last over blocks side by side, and
    all earlier ones, folded into one, over rows of blocks."""
    rank = len(shape)
    folded = tuple(range(max(rank - 3, 0)))
    last = [(axis,) if axis >= 0 else () for axis in (rank - 3, rank - 2, rank - 1)]
    axes = (folded, *last)
    blocks, across, rows, columns = (math.prod(shape[axis] for axis in group) for group in axes)
    return AxesLayout((blocks, across, rows, columns), axes)


def _readonly(array: np.ndarray) -> np.ndarray:
    array.setflags(write=False)
    return array
