import itertools
import math

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from core.tensors import tensor as tensors_tensor
from core.tensors.literals import EXAMPLES, TensorInputError, parse_literal

AWKWARD = ["[True]", "[True, 2]", "[True, 0.5]", "[1, 0.5]", "[300, -1]", "[0.1]", "[1e300, -1e999]"]
AWKWARD += [f"[{2**63}]", f"[{10**99}]", f"[-1, {2**63}]", f"[1.5, {2**63}]"]


def made(text, how="list", dtype=None):
    return tensors_tensor.build(parse_literal(text), how, dtype)


def run(code):
    namespace = {}
    exec(code, namespace)
    return namespace


@pytest.mark.parametrize(
    ("text", "how", "dtype"),
    [
        ("[1, 2]", "list", "int32"),
        ("[1, 2]", "tuple", "int32"),
        ("[1, 2]", "array", "int64"),
        ("[0.5]", "list", "float32"),
        ("[0.5]", "array", "float64"),
        ("[1, 0.5]", "list", "float32"),
        ("[2147483648]", "list", "int64"),
        ("[True]", "list", "bool"),
        ("[True]", "array", "bool"),
        ("7", "list", "int32"),
    ],
)
def test_default_dtypes_are_those_of_tensorflow_and_numpy(text, how, dtype):
    assert made(text, how).dtype == dtype


@pytest.mark.parametrize(
    ("how", "call"),
    [
        ("list", "tf.constant([[1, 2], [3, 4]])"),
        ("tuple", "tf.constant(((1, 2), (3, 4)))"),
        ("array", "tf.constant(np.array([[1, 2], [3, 4]]))"),
    ],
)
@pytest.mark.parametrize("text", ["[[1, 2], [3, 4]]", "((1, 2), [3, 4])"])
def test_code_builds_the_way_that_was_chosen(how, call, text):
    assert f"tensor = {call}\n" in made(text, how).code


@pytest.mark.parametrize("how", tensors_tensor.WAYS)
@pytest.mark.parametrize("text", EXAMPLES.values())
def test_code_makes_the_tensor_that_is_shown(text, how):
    report = made(text, how)
    tensor = run(report.code)["tensor"]
    assert tensor.dtype.name == report.dtype
    assert tuple(tensor.shape) == report.shape
    np.testing.assert_array_equal(tensor.numpy(), report.values)


@pytest.mark.parametrize("text", ["[[1.5, 300.5], [1e999, 0.1]]", "(1,)", "-1e999", "[" + "0.123456789, " * 500 + "]"])
@pytest.mark.parametrize("how", tensors_tensor.WAYS)
@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float64"])
def test_code_with_dtype_makes_the_tensor_that_is_shown(text, how, dtype):
    report = made(text, how, dtype)
    assert report.dtype == dtype
    assert max(len(line) for line in report.code.splitlines()) <= 110
    np.testing.assert_array_equal(run(report.code)["tensor"].numpy(), report.values)


@given(
    st.lists(st.lists(st.integers(-(2**31), 2**31 - 1), min_size=2, max_size=2), min_size=1, max_size=4),
    st.sampled_from(sorted(tensors_tensor.WAYS)),
    st.none() | st.sampled_from(["int8", "int16", "int32", "int64", "uint8", "float32", "float64"]),
)
@settings(max_examples=60, deadline=None)
def test_build_equals_tf_constant(values, how, dtype):
    report = tensors_tensor.build(parse_literal(repr(values)), how, dtype)
    argument = {"list": values, "tuple": tuple(map(tuple, values)), "array": np.array(values)}[how]
    expected = tf.constant(argument, dtype=dtype)
    np.testing.assert_array_equal(report.values, expected.numpy())
    assert report.dtype == expected.dtype.name
    assert report.shape == tuple(expected.shape)
    assert report.rank == expected.shape.rank
    assert report.itemsize == expected.dtype.size
    assert report.nbytes == expected.dtype.size * math.prod(expected.shape)


@pytest.mark.parametrize(
    ("text", "how", "dtype", "sentence"),
    [
        (
            "[1.5]",
            "list",
            "int32",
            "tf.constant expects values that already are of the kind int32, these are fractions: "
            "build the tensor without a dtype and convert it with tf.cast.",
        ),
        (
            "[1]",
            "tuple",
            "bool",
            "tf.constant expects values that already are of the kind bool, these are whole numbers: "
            "build the tensor without a dtype and convert it with tf.cast.",
        ),
        (
            "[True]",
            "list",
            "uint8",
            "tf.constant expects values that already are of the kind uint8, these are True or False: "
            "build the tensor without a dtype and convert it with tf.cast.",
        ),
        (
            "[True, 2]",
            "list",
            None,
            "tf.constant expects values of one kind, these mix True or False with numbers.",
        ),
        (
            "[9223372036854775808]",
            "list",
            None,
            "tf.constant expects whole numbers that fit in 64 bits, 9223372036854775808 does not.",
        ),
        (
            f"[{10**50}]",
            "array",
            None,
            "tf.constant expects whole numbers that fit in 64 bits, 1000000000… (51 digits) does not.",
        ),
    ],
)
def test_each_refusal_of_tensorflow_has_a_sentence(text, how, dtype, sentence):
    with pytest.raises(TensorInputError) as caught:
        made(text, how, dtype)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("text", "how", "dtype"),
    list(itertools.product(AWKWARD, tensors_tensor.WAYS, (None, *tensors_tensor.DTYPES))),
)
def test_every_combination_is_built_or_refused_with_a_sentence(text, how, dtype):
    try:
        report = made(text, how, dtype)
    except TensorInputError as error:
        assert str(error).startswith("tf.constant expects")
    else:
        assert dtype in (None, report.dtype)


def test_unknown_choices_are_refused():
    with pytest.raises(ValueError, match=r"one of list, tuple, array, not 'set'\."):
        made("[1]", "set")
    with pytest.raises(ValueError, match=r"one of float16, .*, not 'unit8'\."):
        made("[1]", "list", "unit8")


def test_a_report_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        made("[1, 2]").values[0] = 5


def test_memory_counts_the_bytes_tensorflow_counts():
    for dtype, nbytes in tensors_tensor.memory(1_676_266).items():
        assert nbytes == 1_676_266 * tf.as_dtype(dtype).size


@pytest.mark.parametrize("dtype", tensors_tensor.DTYPES)
def test_plain_values_are_exactly_the_same(dtype):
    values = tf.cast([0.1, 0.0, 3.0], dtype).numpy()
    shown = tensors_tensor.plain(values)
    assert shown.dtype.kind in "fiub"
    assert shown.dtype.name not in ("bfloat16", "float16")
    np.testing.assert_array_equal(shown.astype(np.float64), values.astype(np.float64))


def test_layout_of_a_matrix_is_the_matrix():
    layout = tensors_tensor.axes_layout((2, 3))
    assert layout.grid == (1, 1, 2, 3)
    assert layout.axes == ((), (), (0,), (1,))
    assert layout.size == (2, 3)
    assert layout.cells().tolist() == [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]]


@pytest.mark.parametrize(
    ("shape", "grid", "axes", "size"),
    [
        ((), (1, 1, 1, 1), ((), (), (), ()), (1, 1)),
        ((4,), (1, 1, 1, 4), ((), (), (), (0,)), (1, 4)),
        ((5, 2, 3), (1, 5, 2, 3), ((), (0,), (1,), (2,)), (2, 19)),
        ((2, 5, 2, 3), (2, 5, 2, 3), ((0,), (1,), (2,), (3,)), (5, 19)),
        ((3, 2, 5, 2, 3), (6, 5, 2, 3), ((0, 1), (2,), (3,), (4,)), (17, 19)),
    ],
)
def test_layout_of_other_ranks(shape, grid, axes, size):
    layout = tensors_tensor.axes_layout(shape)
    assert (layout.grid, layout.axes, layout.size) == (grid, axes, size)


@given(st.lists(st.integers(1, 4), max_size=6).map(tuple))
def test_cells_are_distinct_inside_and_follow_the_axes(shape):
    layout = tensors_tensor.axes_layout(shape)
    cells = layout.cells()
    assert len(np.unique(cells, axis=0)) == math.prod(shape) == len(cells)
    assert (cells.min(axis=0) == 0).all()
    assert tuple(cells.max(axis=0) + 1) == layout.size
    # one step along an axis is the same move on the canvas wherever it starts, unless the axis is folded
    grid = cells.reshape(*shape, 2)
    for axis in range(max(len(shape) - 3, 0), len(shape)):
        moves = np.diff(grid, axis=axis).reshape(-1, 2)
        assert len(np.unique(moves, axis=0)) <= 1


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_plain_array_is_what_its_code_makes(name):
    parsed = parse_literal(EXAMPLES[name])
    plain_array = tensors_tensor.array(parsed)
    found = run(plain_array.code)["arr"]
    assert found.dtype == plain_array.values.dtype and found.shape == plain_array.shape
    np.testing.assert_array_equal(found, plain_array.values)
    # the one that a tensor is made of
    tensor = tensors_tensor.build(parsed, "array")
    assert (tensor.dtype, tensor.shape, tensor.nbytes) == (plain_array.dtype, plain_array.shape, plain_array.nbytes)
    assert not plain_array.values.flags.writeable


@pytest.mark.parametrize("text", ["[3.5e38]", "[1, -3.5e38]", "1e300"])
def test_a_fraction_beyond_float32_is_named_with_the_remedy(text):
    with pytest.raises(TensorInputError, match="beyond: give it the dtype float64") as caught:
        made(text)
    assert "None" not in str(caught.value)
    assert made(text, dtype="float64").dtype == "float64"
