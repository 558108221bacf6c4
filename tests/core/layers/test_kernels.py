"""Kernels: what a person types is what is used; presets are those of the textbooks (and of scipy)."""

import ast
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from core.layers import kernels
from core.layers.kernels import KernelError


def quick(examples):
    return settings(deadline=None, derandomize=True, max_examples=examples)


sizes = st.integers(1, 11)
values = st.floats(-100, 100, width=32)
# The forms in which a person may write a number, each with what it is worth.
cells = st.one_of(
    values.map(lambda value: (repr(float(value)), float(value))),
    st.integers(-100, 100).map(lambda value: (f" {value} ", value)),
    st.integers(1, 100).map(lambda value: (f"−{value}", -value)),  # the typographic minus
    st.integers(0, 100).map(lambda value: (f"+{value}.", value)),
    st.integers(0, 9).map(lambda value: (f"00{value}", value)),
    st.integers(0, 9).map(lambda value: (f".{value}", value / 10)),
    st.integers(0, 9).map(lambda value: (f"{value}e-1", value / 10)),
    st.integers(0, 9).map(lambda value: (chr(0x0660 + value), value)),  # Arabic digits
)


@st.composite
def grids(draw, elements=cells, height=sizes, width=sizes):
    """Rows of equally many elements."""
    columns = draw(width)
    return [[draw(elements) for _ in range(columns)] for _ in range(draw(height))]


def typed(rows):
    return ";".join(",".join(row) for row in rows)


@given(grids(height=st.integers(1, 4), width=st.integers(1, 4)), st.sampled_from(["", ";", " ", " ;"]))
@quick(150)
def test_parse_gives_the_typed_numbers(rows, end):
    text = typed([[cell for cell, _ in row] for row in rows]) + end
    expected = np.array([[value for _, value in row] for row in rows], np.float32)
    parsed = kernels.parse(text)
    assert parsed.dtype == np.float32
    np.testing.assert_array_equal(parsed, expected)
    # the code on the page must be Python, and the same kernel, however the numbers were typed
    np.testing.assert_array_equal(np.array(ast.literal_eval(kernels.as_literal(text)), np.float32), expected)


@given(grids(values))
@quick(80)
def test_as_text_and_parse_are_inverse(rows):
    kernel = np.array(rows, np.float32)
    np.testing.assert_array_equal(kernels.parse(kernels.as_text(kernel)), kernel)


@given(values)
@quick(200)
def test_as_text_uses_the_fewest_digits(value):
    text = kernels.as_text(np.array([[value]], np.float32))
    assert re.fullmatch(r"-?\d+(\.\d+)?", text)
    digits = text.lstrip("-").replace(".", "").strip("0")
    fewest = next(n for n in range(1, 18) if np.float32(f"{np.float32(value):.{n - 1}e}") == np.float32(value))
    assert len(digits) <= fewest


@pytest.mark.parametrize(
    ("kernel", "text"),
    [
        ([[0.1, -0.25], [3, 0]], "0.1,-0.25;3,0"),
        ([[1 / 9]], "0.11111111"),
        ([[100.0]], "100"),
        ([[1, 2, 3]], "1,2,3"),
        ([[1], [2]], "1;2"),
    ],
)
def test_as_text_looks_as_a_person_would_type_it(kernel, text):
    assert kernels.as_text(np.array(kernel, np.float32)) == text


def test_as_literal_looks_as_a_person_would_type_it():
    assert kernels.as_literal("0,1,0;1,-4,1;0,1,0") == "[[0, 1, 0], [1, -4, 1], [0, 1, 0]]"
    assert kernels.as_literal("0.1,-0.25") == "[[0.1, -0.25]]"


@given(grids(st.just("0")), st.data())
@quick(80)
def test_a_wrong_cell_is_named(rows, data):
    r, c = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.integers(0, len(rows[0]) - 1))
    wrong = data.draw(st.sampled_from(["x", "", "1/9", "nan", "inf", "-inf", "100.01", "-101", "1e400", "²", "½"]))
    rows[r][c] = wrong
    rows[-1][-1] = rows[-1][-1] if (r, c) == (len(rows) - 1, len(rows[0]) - 1) else "also wrong"
    if typed(rows).strip(";").count(";") != len(rows) - 1:  # an empty first or last row is no row
        return
    with pytest.raises(KernelError) as caught:
        kernels.parse(typed(rows))
    assert f"row {r}, column {c} holds “{wrong or 'nothing'}”." in str(caught.value)
    assert "from −100 to 100" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1,2;3", "row 0 has 2, another has 1."),
        ("1;2;3,4,5", "row 0 has 1, another has 3."),
        (",".join("1" * 12), "at most 11 × 11 values, this one 1 × 12."),
        (";".join("1" * 12), "at most 11 × 11 values, this one 12 × 1."),
        ("1" * 5000, "holds “" + "1" * 20 + "”."),
        ("", "row 0, column 0 holds “nothing”."),
        (";;", "holds “nothing”."),
    ],
)
def test_errors_say_what_came(text, said):
    with pytest.raises(KernelError) as caught:
        kernels.parse(text)
    assert said in str(caught.value)


@given(st.one_of(st.text(max_size=60), st.text(alphabet="0123456789.,;-+e_ ²٣−\n", max_size=60)))
@quick(400)
def test_any_text_is_a_kernel_or_one_sentence(text):
    try:
        kernel = kernels.parse(text)
    except KernelError as error:
        assert str(error).startswith(("Every kernel", "A kernel")) and str(error).endswith(".")
        return
    assert kernel.ndim == 2 and max(kernel.shape) <= 11 and np.abs(kernel).max() <= 100
    again = np.array(ast.literal_eval(kernels.as_literal(text)), np.float32)
    np.testing.assert_array_equal(again, kernel)


@given(grids(values), sizes, sizes)
@quick(150)
def test_fit_cuts_and_fills_about_the_centre(rows, height, width):
    before = np.array(rows, np.float32)
    after = kernels.parse(kernels.fit(kernels.as_text(before), height, width))
    assert after.shape == (height, width)
    # Laid on one sheet with their centres together, both hold the same values wherever both are.
    sheet = {}
    for r, row in enumerate(before.tolist()):
        for c, value in enumerate(row):
            sheet[r - (before.shape[0] - 1) // 2, c - (before.shape[1] - 1) // 2] = value
    odd = all((a - b) % 2 == 0 for a, b in zip(before.shape, after.shape, strict=True))
    if odd:  # otherwise there is no common centre
        for r in range(height):
            for c in range(width):
                where = (r - (height - 1) // 2, c - (width - 1) // 2)
                assert after[r, c] == np.float32(sheet.get(where, 0))


@given(grids(cells.map(lambda cell: cell[0].strip())), st.integers(0, 6), st.integers(0, 6))
@quick(80)
def test_a_kernel_that_grew_shrinks_to_what_was_typed(rows, taller, wider):
    text = typed(rows)
    grown = kernels.fit(text, len(rows) + taller, len(rows[0]) + wider)
    assert kernels.fit(grown, len(rows), len(rows[0])) == text
    assert kernels.fit(text, len(rows), len(rows[0])) == text


def test_fit_adds_the_odd_row_and_column_at_the_end():
    assert kernels.fit("1,2;3,4", 3, 3) == "1,2,0;3,4,0;0,0,0"
    assert kernels.fit("1,2,3;4,5,6;7,8,9", 2, 2) == "1,2;4,5"
    assert kernels.fit("1", 3, 3) == "0,0,0;0,1,0;0,0,0"
    assert kernels.fit("0.10,2,3;4,5.,6;7,8,9", 3, 1) == "2;5.;8"


@pytest.mark.parametrize(
    ("name", "filtered"),
    [
        ("identity", lambda image: image),
        ("blur", lambda image: ndimage.uniform_filter(image, 3)),
        ("gaussian", lambda image: ndimage.gaussian_filter(image, 0.8493218, radius=1)),
        ("sharpen", lambda image: image - ndimage.laplace(image)),
        ("sobel x", lambda image: ndimage.sobel(image, axis=1)),
        ("sobel y", lambda image: ndimage.sobel(image, axis=0)),
        ("laplacian", ndimage.laplace),
        ("emboss", lambda image: image + ndimage.prewitt(image, 0) + ndimage.prewitt(image, 1)),
    ],
)
def test_presets_do_what_scipy_filters_of_the_same_name_do(name, filtered):
    image = np.random.default_rng(3).normal(size=(9, 12))
    found = ndimage.correlate(image, kernels.PRESETS[name].astype(float))[1:-1, 1:-1]
    np.testing.assert_allclose(found, filtered(image)[1:-1, 1:-1], atol=1e-6)


def test_every_preset_is_a_small_kernel_with_a_note():
    assert kernels.PRESETS.keys() == kernels.PRESET_NOTES.keys()
    for kernel in kernels.PRESETS.values():
        assert kernel.shape == (3, 3) and kernel.dtype == np.float32
        np.testing.assert_array_equal(kernels.parse(kernels.as_text(kernel)), kernel)


def test_emboss_is_bright_where_the_picture_rises_to_the_lower_right():
    rows, columns = np.indices((5, 5))
    kernel = kernels.PRESETS["emboss"].astype(float)
    rising = ndimage.correlate((rows + columns).astype(float), kernel)
    assert (rising[1:-1, 1:-1] > (rows + columns)[1:-1, 1:-1]).all()
    assert kernel.sum() == 1


@given(st.integers(1, 5), sizes, sizes)
@quick(20)
def test_stack_puts_the_filter_last(filters, height, width):
    chosen = np.random.default_rng(0).normal(size=(filters, height, width))
    stacked = kernels.stack(list(chosen))
    assert stacked.shape == (height, width, 1, filters) and stacked.dtype == np.float32
    for i in range(filters):
        np.testing.assert_array_equal(stacked[:, :, 0, i], chosen[i].astype(np.float32))
