"""Checks say what Python says of them, and nothing that is more than a check is taken."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.lessons import expression
from core.lessons.expression import FUNCTIONS, ExpressionError

VALUES = {
    "zeros": 0.25,
    "output_shape": (26, 26, 4),
    "padding": "same",
    "reads": 4,
    "training": True,
    "grid": np.arange(12.0).reshape(3, 4),
}
ATOMS = st.sampled_from(["zeros", "output_shape[0]", "reads", "2", "0.5", "grid[1, 2]", "len(output_shape)"])
NUMBERS = st.recursive(
    ATOMS,
    lambda inner: (
        st.builds("({} {} {})".format, inner, st.sampled_from(["+", "-", "*"]), inner)
        | st.builds("abs({})".format, inner)
        | st.builds("max({}, {})".format, inner, inner)
        | st.builds("(-{})".format, inner)
    ),
    max_leaves=6,
)
CONDITIONS = st.builds(
    "{} {} {} {} {} < {}".format,
    NUMBERS,
    st.sampled_from(["<", "<=", ">", ">=", "==", "!="]),
    NUMBERS,
    st.sampled_from(["and", "or", "and not"]),
    NUMBERS,
    NUMBERS,
).filter(lambda text: len(text) <= expression.LONGEST)


def value(text):
    return expression.parse(text, VALUES).value(VALUES)


@given(NUMBERS)
def test_a_number_is_what_python_makes_of_it(text):
    assert value(text) == pytest.approx(float(eval(text, {"abs": abs, "max": max, "len": len}, VALUES)))


@given(CONDITIONS)
def test_a_condition_is_what_python_makes_of_it(text):
    assert value(text) is bool(eval(text, {"abs": abs, "max": max, "len": len}, VALUES))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("output_shape == (26, 26, 4)", True),
        ("output_shape == (26, 26, 5)", False),
        ("0 < zeros < 1", True),
        ('padding == "same" and not training', False),
        ("7 // 2 + 7 % 2", 4),
        ("1 if reads == 4 else 2", 1),
        ("sum(grid[1])", 4 + 5 + 6 + 7),
        ("round(zeros * 10)", 2),
        ("sqrt(16) + floor(2.9)", 6),
    ],
)
def test_what_there_is_besides(text, wanted):
    assert value(text) == wanted


def test_it_names_the_quantities_that_it_asks_for():
    assert expression.parse("zeros * output_shape[0] > 2", VALUES).names == {"zeros", "output_shape"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "zeros.__class__",
        "().__class__.__bases__",
        "__import__('os').system('true')",
        "open('x')",
        "zeros(1)",
        "[zeros for zeros in output_shape]",
        "lambda: 1",
        "f'{zeros}'",
        "output_shape[0:2]",
        "(zeros := 1)",
        "max(zeros, default=1)",
        "max(*output_shape)",
        "{1: 2}",
        "zeros is 1",
        "zeros; zeros",
        "import os",
        "unknown > 1",
        "x" * 400,
        "(" * 250,
        "zeros @ zeros",
        "b'bytes' == 1",
        "1j",
    ],
)
def test_all_else_is_refused_before_anything_is_computed(text):
    with pytest.raises(ExpressionError) as caught:
        expression.parse(text, VALUES)
    assert str(caught.value)


@pytest.mark.parametrize(
    "text", ["9 ** 9 ** 9", "output_shape[9]", "reads / 0", "padding + 1", "padding * 9", "reads < padding"]
)
def test_what_has_no_value_says_so(text):
    with pytest.raises(ExpressionError):
        value(text)


def test_only_what_is_true_or_false_can_hold():
    with pytest.raises(ExpressionError, match="true or false"):
        expression.parse("zeros", VALUES).holds(VALUES)


def test_no_function_is_a_way_out():
    assert not {"eval", "exec", "open", "getattr", "print"} & FUNCTIONS.keys()


def test_a_name_that_is_nearly_one_is_guessed():
    with pytest.raises(ExpressionError, match="Did you mean output_shape"):
        expression.parse("outputshape[0]", {"output_shape": "", "zeros": ""})
