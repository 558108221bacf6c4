import math
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tensors.literals import EXAMPLES, LARGEST_COUNT, LONGEST_TEXT, TensorInputError, parse_literal

scalars = st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def nested(draw):
    """Any rectangular nesting of lists and tuples, and its shape."""
    shape = tuple(draw(st.lists(st.integers(1, 3), max_size=4)))

    def fill(axes):
        if not axes:
            return draw(scalars)
        kind = draw(st.sampled_from([list, tuple]))
        return kind(fill(axes[1:]) for _ in range(axes[0]))

    return fill(shape), shape


@given(nested())
def test_what_python_writes_is_read_back(case):
    value, shape = case
    parsed = parse_literal(repr(value))
    assert parsed.value == value
    assert parsed.shape == shape
    assert len(parsed.flat) == math.prod(shape)
    flat = np.empty(shape, object)
    flat.ravel()[:] = parsed.flat
    assert flat.tolist() == (np.array(value, object).tolist() if shape else value)


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_readable(name):
    parse_literal(EXAMPLES[name])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1, 2", (1, 2)),
        (" [1,\n 2,\n]\n", [1, 2]),
        ("[- 1, −2, + 3]", [-1, -2, 3]),
        ("[1_000, 0xff, .5, 1., 1e-3, -1E5]", [1000, 255, 0.5, 1.0, 0.001, -1e5]),
        ("((((7))))", 7),
        ("[1e999]", [math.inf]),
    ],
)
def test_ways_to_write_the_same(text, value):
    assert parse_literal(text).value == value


NUMBERS = "A tensor here holds numbers, True or False; "


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "A tensor needs a number, a list or a tuple; nothing was typed."),
        ("  \n", "A tensor needs a number, a list or a tuple; nothing was typed."),
        ("[]", "A tensor here needs at least one value, “[]” is empty."),
        ("[[], []]", "A tensor here needs at least one value, “[[], []]” is empty."),
        ("[[1, 2, 3], [4, 5]]", "Every row needs the same length: row 0 has 3 values, row 1 has 2."),
        ("[[1], [4, 5]]", "Every row needs the same length: row 0 has 1 value, row 1 has 2."),
        ("[[1], []]", "Every row needs the same length: row 0 has 1 value, row 1 has 0."),
        ("[1, [2]]", "Every entry of a list needs the same number of axes: entry 0 has 0, entry 1 has 1."),
        (
            "[[[1, 2]], [[1, 2], [3, 4]]]",
            "Every entry needs the same shape: entry 0 is (1, 2), entry 1 is (2, 2).",
        ),
        ("[1, 'a']", NUMBERS + "“'a'” is text."),
        ('"a"', NUMBERS + '“"a"” is text.'),
        ("{1: 2}", NUMBERS + "“{1: 2}” is a dict or a set."),
        ("[1, {2}]", NUMBERS + "“{2}” is a dict or a set."),
        ("[1, None]", NUMBERS + "“None” is the absence of a value."),
        ("[1, 2j]", NUMBERS + "“2j” is a complex number."),
        ("1+2j", NUMBERS + "“1+2j” is a complex number."),
        (
            "[[1]]*10**9",
            NUMBERS + "“*10**9” is a calculation, and nothing typed here is executed.",
        ),
        (
            "[1+1]",
            NUMBERS + "“1+1” is a calculation, and nothing typed here is executed.",
        ),
        (
            "[nan]",
            NUMBERS + "“nan” is a name, and nothing typed here is looked up.",
        ),
        (
            "np.zeros(3)",
            NUMBERS + "“np.zeros” is a name, and nothing typed here is looked up.",
        ),
        ("[1; 2]", NUMBERS + "“1;” is neither."),
        ("[1 2]", "Values need a comma between them, “1” is followed by “2”."),
        ("[[1, 2] [3, 4]]", "Values need a comma between them, “]” is followed by “[”."),
        ("[1,,2]", "A comma needs a value before it, this one follows “,”."),
        ("[,1]", "A comma needs a value before it, this one follows “[”."),
        ("[1, 2", "Every opening bracket needs its closing one, a “[” has none."),
        ("1, 2]", "Every closing bracket needs its opening one, a “]” has none."),
        ("[1, 2)", "Every closing bracket needs its opening one, a “)” has none."),
        ("[" * 9 + "1" + "]" * 9, "Brackets may be nested 8 deep, these go deeper."),
        ("[012]", "The values must be written as Python writes them; “[012]” is no number, list or tuple."),
        (
            "[" + "1," * 10_001 + "]",
            "A tensor here holds at most 10,000 values, these are 10,001.",
        ),
        ("9" * 101, "A number may have 100 characters at most, one has 101."),
        ("1," * 100_001, "The text may have at most 200,000 characters, it has 200,002."),
    ],
)
def test_each_mistake_has_its_sentence(text, sentence):
    with pytest.raises(TensorInputError) as caught:
        parse_literal(text)
    assert str(caught.value) == sentence


def test_the_largest_allowed_input_is_read():
    assert parse_literal(repr([[0.123456789]] * LARGEST_COUNT)).shape == (LARGEST_COUNT, 1)
    assert parse_literal("[" * 8 + "1" + "]" * 8).shape == (1,) * 8


@pytest.mark.parametrize(
    "text",
    [
        "[" * LONGEST_TEXT,
        "(" * 100_000 + ")" * 100_000,
        "-" * (LONGEST_TEXT - 1) + "1",
        "1" + "+1" * 99_999,
        "- " * 99_999 + "1",
        "1" + "[0]" * 60_000,
        "9" * LONGEST_TEXT,
        "9e" * 100_000,
        "not " * 49_999 + "True",
        "lambda:" * 28_000 + "1",
        "[1 for i in (1, 2)]",
        "__import__('os').system('echo')",
        "__import__",
        "f()",
        "...",
        "\0",
        "[1]\\",
        "１",
        "'" * LONGEST_TEXT,
        "#",
        "(1)(2)",
        "1if 1else 2",
        "_" * 90,
    ],
)
def test_hostile_text_gives_a_sentence_at_once(text):
    start = time.process_time()  # what it costs, however busy the machine is
    with pytest.raises(TensorInputError) as caught:
        parse_literal(text)
    assert time.process_time() - start < 1
    assert len(str(caught.value)) < 200


@given(st.text(alphabet="[](),0123456789.eExX_-+ TrueFalsj'\"{}*:#\\\n", max_size=40) | st.text(max_size=20))
def test_any_text_is_either_read_or_refused(text):
    try:
        parsed = parse_literal(text)
    except TensorInputError as error:
        assert str(error).endswith(".")
    else:
        assert all(type(value) in (bool, int, float) for value in parsed.flat)
        assert len(parsed.flat) == math.prod(parsed.shape)
