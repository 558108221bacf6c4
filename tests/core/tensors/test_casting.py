import itertools
import warnings
from fractions import Fraction

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from core.tensors import casting
from core.tensors.literals import parse_literal
from core.tensors.tensor import DTYPES, TensorReport, build, plain

BITS = {"int8": 8, "int16": 16, "int32": 32, "int64": 64, "uint8": 8}
FLOATS = ("float16", "bfloat16", "float32", "float64")

# values at which some dtype ends, loses its grid, or has no answer
ODD = [0.0, -0.0, 0.1, -0.5, 0.999, 2.5, -1.9, 127.5, 255.5, -128.9, 1e-8, 1e-40, 1e-300, 5e-324]
LIMITS = [
    1.0,
    -1.0,
    128.0,
    -129.0,
    256.0,
    300.0,
    383.0,
    2049.0,
    65504.0,
    65520.0,
    2.0**31,
    -(2.0**31),
    2.0**63,
]
FLOATING = [*ODD, *LIMITS, 70000.0, 3e9, 2.0**53, -(2.0**31), -(2.0**63), 1e20, 1e39, np.inf, -np.inf, np.nan]
WHOLE = [0, 1, 2, -1, 127, 128, -129, 255, 256, 383, 2049, 70000, 2**24 + 1, 2**31, 2**53 + 1, -(2**63)]


def tensor(values, dtype):
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return tf.cast(tf.constant(np.array(values)), dtype).numpy()


def report(values):
    return TensorReport(values, "")


def exact(value):
    value = value.item() if isinstance(value, (np.bool_, np.integer)) else float(value)
    return value if value != value or value in (np.inf, -np.inf) else Fraction(value)


def expected_kinds(old, new, dtype):
    """Which labels are right for one value, from exact fractions and the definition of each label."""
    old, new = exact(old), exact(new)
    if old == new or (old != old and new != new):
        return {"unchanged"}
    if dtype == "bool":
        return {"became True"} if new == 1 else {"became False"}
    if dtype in FLOATS:
        if new in (np.inf, -np.inf):
            return {"overflow to inf"}
        return {"underflow to 0"} if new == 0 else {"rounded"}
    low = 0 if dtype.startswith("u") else -(2 ** (BITS[dtype] - 1))
    high = low + 2 ** BITS[dtype] - 1
    if isinstance(old, Fraction) and low <= int(old) <= high:
        return {"fraction cut off"} if new == int(old) else set()
    kinds = set()
    if isinstance(old, Fraction) and (int(old) - new) % 2 ** BITS[dtype] == 0:
        kinds.add("wrapped")
    if (new == high and old > high) or (new == low and old < low):
        kinds.add("saturated")
    return kinds or {"undefined"}


def check(before, dtype):
    shown = casting.cast(report(before), dtype)
    after = np.asarray(tf.cast(tf.constant(before), dtype).numpy())
    np.testing.assert_array_equal(plain(shown.after), plain(after))
    np.testing.assert_array_equal(plain(shown.before), plain(before))
    assert shown.after.dtype == after.dtype
    assert shown.kinds.shape == shown.lost.shape == shown.machine_dependent.shape == before.shape
    for old, new, kind in zip(before.ravel(), after.ravel(), shown.kinds.ravel(), strict=True):
        assert kind in expected_kinds(old, new, dtype), (old, new)
        assert kind in casting.KINDS
    return shown


@pytest.mark.parametrize(("source", "target"), list(itertools.product(DTYPES, DTYPES)))
def test_corners_are_labelled_as_tensorflow_left_them(source, target):
    before = tensor(WHOLE if source == "int64" else FLOATING, source)
    # alone, in a few, and in many: where processors differ, so do the ends of long tensors
    for values in (
        before,
        before[:3],
        np.resize(before, 67),
        np.resize(before, (5, 4)),
        before[:1].reshape(()),
    ):
        check(values, target)


@given(
    st.lists(st.floats(width=32) | st.integers(-1000, 1000).map(float), min_size=1, max_size=40),
    st.sampled_from(DTYPES),
    st.sampled_from(DTYPES),
)
@settings(max_examples=150, deadline=None)
def test_any_floats_are_labelled_as_tensorflow_left_them(values, source, target):
    check(tensor(values, source), target)


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=20), st.sampled_from(DTYPES))
@settings(max_examples=80, deadline=None)
def test_any_integers_are_labelled_as_tensorflow_left_them(values, target):
    shown = check(np.array(values, np.int64), target)
    assert not shown.machine_dependent.any()


@pytest.mark.parametrize("target", BITS)
@pytest.mark.parametrize("source", FLOATS)
def test_machine_dependent_are_floats_outside_the_integers_range(source, target):
    before = tensor(FLOATING, source)
    shown = casting.cast(report(before), target)
    low = 0 if target.startswith("u") else -(2 ** (BITS[target] - 1))
    for old, marked in zip(before, shown.machine_dependent, strict=True):
        value = exact(old)
        assert marked == (not isinstance(value, Fraction) or not low <= int(value) < low + 2 ** BITS[target])


def test_casts_within_range_are_what_tutorials_promise():
    cases = [
        ("[1.9, -1.9, 2.0]", "int32", [1, -1, 2], ["fraction cut off", "fraction cut off", "unchanged"]),
        ("[300, 256, -1]", "uint8", [44, 0, 255], ["wrapped"] * 3),
        ("[0, 1, 2]", "bool", [False, True, True], ["unchanged", "unchanged", "became True"]),
        ("[16777217]", "float32", [16777216], ["rounded"]),
        ("[70000.0]", "float16", [np.inf], ["overflow to inf"]),
        ("[1e-8]", "float16", [0], ["underflow to 0"]),
        ("[True, False]", "int8", [1, 0], ["unchanged"] * 2),
    ]
    for text, dtype, after, kinds in cases:
        shown = casting.cast(build(parse_literal(text), "list"), dtype)
        assert shown.after.tolist() == after
        assert shown.kinds.tolist() == kinds


def test_values_that_tensorflow_never_gave_are_labelled_from_the_numbers_alone():
    floats = np.array([383.0, 300.0, 300.0, 300.0, -1.0, -1.0, np.nan, 1.5])
    after = np.array([127, 127, 44, 5, -128, 7, 0, 2], np.int8)
    kinds = casting.compare(floats, after).kinds.tolist()
    assert kinds[:4] == ["saturated", "saturated", "wrapped", "undefined"]
    assert kinds[4:] == ["undefined", "undefined", "undefined", "undefined"]
    integers = casting.compare(np.array([383, 300, 300]), np.array([127, 127, 5], np.int8))
    assert integers.kinds.tolist() == ["wrapped", "saturated", "undefined"]


@pytest.mark.parametrize(
    ("text", "how", "dtype", "after", "kinds"),
    [
        ("[300, 1]", "list", "int8", [44, 1], ["wrapped", "unchanged"]),
        ("[9007199254740993]", "list", "float64", [2.0**53], ["rounded"]),
        ("[9007199254740993, 0.5]", "list", "float64", [2.0**53, 0.5], ["rounded", "unchanged"]),
        ("[0.1]", "list", None, [np.float32(0.1)], ["rounded"]),
        ("[0.1]", "array", None, [0.1], ["unchanged"]),
        ("[1.5]", "array", "int32", [1], ["fraction cut off"]),
        ("[True, 2]", "array", None, [1, 2], ["unchanged", "unchanged"]),
        ("[[1e300]]", "list", "float32", [[np.inf]], [["overflow to inf"]]),
        (f"[{10**60}]", "list", "float64", [1e60], ["rounded"]),
    ],
)
def test_creation_compares_with_what_was_typed(text, how, dtype, after, kinds):
    parsed = parse_literal(text)
    shown = casting.creation(parsed, build(parsed, how, dtype))
    assert shown.after.tolist() == after
    assert shown.kinds.tolist() == kinds


def test_code_casts_to_what_is_shown():
    shown = casting.cast(build(parse_literal("[[0.1, 2.7], [-3.5, 100.0]]"), "array"), "int8")
    namespace = {}
    exec(shown.code, namespace)
    np.testing.assert_array_equal(namespace["casted"].numpy(), shown.after)


@pytest.mark.parametrize(
    ("values", "dtype", "sentence"),
    [
        ([1, 2], "int32", "All 2 values are unchanged."),
        ([1], "int32", "The value is unchanged."),
        ([300, -1, 0], "uint8", "2 of 3 changed: 2 wrapped."),
        ([1.5, 2.5, 0.0], "int32", "2 of 3 changed: 2 fraction cut off."),
    ],
)
def test_summary_counts_what_happened(values, dtype, sentence):
    assert casting.cast(report(np.array(values)), dtype).summary == sentence


def test_summary_warns_of_the_machine():
    summary = casting.cast(report(np.array([300.0, 1.0])), "uint8").summary
    assert summary.endswith("; out of range, the result depends on the machine.")


def test_arrays_cannot_be_changed_and_the_input_stays_writable():
    values = np.array([1.5, 2.0])
    shown = casting.cast(report(values), "int32")
    assert not any(a.flags.writeable for a in (shown.before, shown.after, shown.kinds, shown.machine_dependent))
    assert values.flags.writeable


def test_unknown_dtype_is_refused():
    with pytest.raises(ValueError, match=r"one of float16, .*, not 'unit8'\."):
        casting.cast(report(np.zeros(1)), "unit8")


@pytest.mark.parametrize("to", DTYPES)
@pytest.mark.parametrize("text", ["[0.1, 1.9, 2.5, 100.0]", "[[1, 0], [3, 120]]", "[True, False]", "7"])
def test_astype_is_what_its_code_gives(text, to):
    made = build(parse_literal(text), "list")
    changed = casting.astype(made, to)
    if to == "bfloat16":
        assert changed is None
        return
    namespace = {}
    exec(changed.code, namespace)
    assert namespace["casted"].dtype == changed.after.dtype == np.dtype(to)
    np.testing.assert_array_equal(namespace["casted"], changed.after)
    np.testing.assert_array_equal(namespace["arr"], made.values)
    # these values have a place in every dtype, and there both libraries agree
    np.testing.assert_array_equal(casting.cast(made, to).after, changed.after)


def test_astype_of_a_bfloat16_tensor_is_none_of_numpys_business():
    made = build(parse_literal("[1.0, 2.0]"), "list", "bfloat16")
    assert casting.astype(made, "float32") is None


def test_astype_knows_its_dtypes():
    with pytest.raises(ValueError, match="must be one of"):
        casting.astype(report(np.zeros(2, np.float32)), "complex64")


def test_differences_are_where_values_differ_and_nan_is_nan():
    one = np.array([1.0, np.nan, np.nan, np.inf, 0.0], np.float32)
    other = np.array([1.0, np.nan, 2.0, -np.inf, -0.0], np.float32)
    assert casting.differences(one, other).tolist() == [False, False, True, True, False]
    assert casting.differences(np.array(7), np.array(8)).all()
    assert casting.differences(np.array([True, False]), np.array([True, True])).tolist() == [False, True]
