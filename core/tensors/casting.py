"""What a change of dtype does to each value, read off TensorFlow's own before and after."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np

from core.tensors.literals import Parsed
from core.tensors.tensor import DTYPES, TensorReport, as_array
from words import N_, _, plural

# To be said with `_`, keys and values.
KINDS = {
    N_("unchanged"): N_("the new dtype holds exactly this value"),
    N_("rounded"): N_("the nearest value that the new dtype holds"),
    N_("underflow to 0"): N_("too close to zero for the new dtype"),
    N_("overflow to inf"): N_("too large for the new dtype, which has infinity for that"),
    N_("fraction cut off"): N_("cut towards zero, not rounded"),
    N_("wrapped"): N_("only the lowest bits are kept: 256 counts as 0 in 8 bits"),
    N_("saturated"): N_("stopped at the largest or smallest value of the new dtype"),
    N_("undefined"): N_("no meaning at all: TensorFlow promises nothing for such a value"),
    N_("became True"): N_("anything but zero is True"),
    N_("became False"): N_("too close to zero to count as anything"),
}

_AS_ARRAY = N_("the same values as a plain array")


@dataclass(frozen=True, eq=False)
class CastReport:
    """Values before and after, and for each what happened to it: arrays of one shape.

    `kinds` holds keys of KINDS. `machine_dependent` marks floats without a place in an integer dtype (out of
    range, infinite, nan): C++ leaves their conversion undefined, and what came out is what this processor
    happened to do, which may differ even between two positions in one tensor.
    """

    before: np.ndarray
    after: np.ndarray
    kinds: np.ndarray
    machine_dependent: np.ndarray
    script: str

    @property
    def code(self) -> str:
        """The script that does it. Reports are kept for all readers, and each has the comment in their own language."""
        return self.script.replace(_AS_ARRAY, _(_AS_ARRAY))

    @property
    def lost(self) -> np.ndarray:
        """Bool: values that are not what they were."""
        return self.kinds != "unchanged"

    @property
    def summary(self) -> str:
        """One sentence that counts what happened."""
        lost = Counter(self.kinds[self.lost].ravel().tolist())
        total = self.kinds.size
        if not lost:
            return plural("The value is unchanged.", "All {count:,} values are unchanged.", total)
        parts = ", ".join(_("{count:,} {kind}", count=count, kind=_(kind)) for kind, count in lost.most_common())
        told = {"lost": lost.total(), "total": total, "parts": parts}
        if self.machine_dependent.any():
            return _("{lost:,} of {total:,} changed: {parts}; out of range, the result depends on the machine.", **told)
        return _("{lost:,} of {total:,} changed: {parts}.", **told)


def cast(report: TensorReport, dtype: str) -> CastReport:
    """tf.cast of the reported tensor to `dtype`, one of DTYPES. Raises ValueError for any other."""
    if dtype not in DTYPES:
        raise ValueError(f"The dtype must be one of {', '.join(DTYPES)}, not {dtype!r}.")
    import tensorflow as tf

    after = as_array(tf.cast(tf.constant(report.values), dtype))
    code = f"{report.code}\n\ncasted = tf.cast(tensor, dtype=tf.{dtype})\nprint(casted)"
    return compare(report.values, after, code)


def astype(report: TensorReport, dtype: str) -> CastReport | None:
    """numpy's `astype` of the same values; None where a dtype on either side is none of numpy's (bfloat16).

    Raises ValueError for a `dtype` that is none of DTYPES.
    """
    if dtype not in DTYPES:
        raise ValueError(f"The dtype must be one of {', '.join(DTYPES)}, not {dtype!r}.")
    if "bfloat16" in (dtype, report.dtype):
        return None
    with np.errstate(all="ignore"):  # numpy warns where a value has no place; what became of it is shown instead
        after = np.asarray(report.values.astype(dtype))
    imports = "" if report.code.startswith("import numpy") else "import numpy as np\n"
    lines = f"arr = tensor.numpy()  # {_AS_ARRAY}\ncasted = arr.astype(np.{dtype})\nprint(casted)"
    return compare(report.values, after, f"{imports}{report.code}\n\n{lines}")


def differences(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Bool: where two arrays of one shape and dtype hold different values; nan is the same as nan."""
    return (one != other) & ~(np.isnan(one) & np.isnan(other))


def creation(parsed: Parsed, report: TensorReport) -> CastReport:
    """What building did to the values as typed: tf.constant(300, dtype=tf.int8) wraps in silence."""
    typed = np.empty(len(parsed.flat), dtype=object)  # objects: Python's integers have no limit
    typed[:] = parsed.flat
    return compare(typed.reshape(parsed.shape), report.values, report.code)


def compare(before: np.ndarray, after: np.ndarray, code: str = "") -> CastReport:
    """Name what happened to every value, from the values alone. Both arrays have the same shape."""
    olds, news = _python(before), _python(after)
    if after.dtype == bool:
        kinds = [_to_bool(old, new) for old, new in zip(olds, news, strict=True)]
        undefined = np.zeros(after.shape, bool)
    elif after.dtype.kind in "iu":
        limits = np.iinfo(after.dtype)
        kinds = [_to_integer(old, new, int(limits.min), int(limits.max)) for old, new in zip(olds, news, strict=True)]
        outside = [isinstance(old, float) and not _fits(old, int(limits.min), int(limits.max)) for old in olds]
        undefined = np.array(outside, bool).reshape(after.shape)
    else:
        kinds = [_to_float(old, new) for old, new in zip(olds, news, strict=True)]
        undefined = np.zeros(after.shape, bool)
    arrays = before.copy(), after.copy(), np.array(kinds).reshape(after.shape), undefined
    for array in arrays:
        array.setflags(write=False)
    return CastReport(*arrays, code)


def _python(array: np.ndarray) -> list:
    """Python's own numbers: an int and a float compare exactly, where numpy would round one first."""
    exact = array if array.dtype.kind in "biuO" else array.astype(np.float64)
    return exact.ravel().tolist()


def _to_bool(old, new: bool) -> str:
    if old == new:
        return "unchanged"
    return "became True" if new else "became False"


def _to_float(old, new: float) -> str:
    if old == new or (math.isnan(old) and math.isnan(new)):  # nan is not equal to itself
        return "unchanged"
    if math.isinf(new):
        return "overflow to inf"
    return "rounded" if new else "underflow to 0"


def _to_integer(old, new: int, smallest: int, largest: int) -> str:
    if old == new:
        return "unchanged"
    if _fits(old, smallest, largest):
        return "fraction cut off" if new == math.trunc(old) else "undefined"
    saturated = not math.isnan(old) and new == (largest if old > 0 else smallest)
    wrapped = math.isfinite(old) and (math.trunc(old) - new) % (largest - smallest + 1) == 0
    # 383 to int8 is 127 either way; whole numbers wrap, floats mostly saturate
    likely, other = ("saturated", "wrapped") if isinstance(old, float) else ("wrapped", "saturated")
    happened = {"saturated": saturated, "wrapped": wrapped}
    return likely if happened[likely] else other if happened[other] else "undefined"


def _fits(old, smallest: int, largest: int) -> bool:
    return math.isfinite(old) and smallest <= math.trunc(old) <= largest
