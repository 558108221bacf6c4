"""What a network reads of a drawing does not depend on the pen; what is no writing stays as it stands on the pad."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.drawing import drawn, preparation, strokes
from core.drawing.drawn import even, prepare_drawing
from core.drawing.strokes import CLEAR, ERASER, PEN

PLACES = st.floats(30, 250).map(lambda number: round(number, 1))
LINES = st.lists(st.lists(st.tuples(PLACES, PLACES), min_size=1, max_size=5), min_size=1, max_size=2)
SEVEN = [(70, 70), (205, 70), (130, 230)]
# an eight whose upper loop a pen of 26 fills
EIGHT = [(140, 100), (128, 108), (140, 116), (152, 126), (140, 140), (127, 126), (140, 116), (151, 108), (140, 100)]


def acts(lines, width):
    return [[PEN, width, *(value for point in line for value in point)] for line in lines]


@given(LINES, st.floats(*strokes.WIDTHS), st.floats(*strokes.WIDTHS))
@settings(max_examples=40)
def test_the_pen_makes_no_difference(lines, one, other):
    first, second = acts(lines, one), acts(lines, other)
    assume(even(first) is not first and even(second) is not second)
    assert even(first) == even(second)


def test_a_loop_that_a_fat_pen_fills_is_open():
    hole = strokes.picture(acts([EIGHT], 26))[104:108, 138:142]
    assert hole.min() == 255
    thin, fat = (prepare_drawing(acts([EIGHT], width)).result for width in (6, 26))
    np.testing.assert_array_equal(thin, fat)
    found = prepare_drawing(acts([EIGHT], 26))
    assert found.width == pytest.approx(drawn.EVEN, abs=0.4) and found.width_before > 2 * found.width


@pytest.mark.parametrize(("scale", "by"), [(0.5, (0, 0)), (1, (40, -30)), (1.3, (-60, -60))])
def test_nor_do_size_and_place(scale, by):
    moved = [(x * scale + by[0], y * scale + by[1]) for x, y in SEVEN]
    one, other = (prepare_drawing(acts([points], 18)).result for points in (SEVEN, moved))
    np.testing.assert_allclose(one, other, atol=0.02)


def test_what_is_told_of_the_ink_is_of_the_ink_on_the_pad():
    given_ = acts([SEVEN], 26)
    found, on_pad = prepare_drawing(given_), preparation.prepare(strokes.picture(given_), "light")
    assert found.box == on_pad.box and found.width_before == pytest.approx(on_pad.width_before, abs=0.05)
    assert found.width < on_pad.width


@pytest.mark.parametrize(
    "left_alone",
    [
        [],
        [[CLEAR]],
        [[PEN, 18, 140, 140]],
        [[PEN, 18, 140, 140, 150, 150]],
        [*acts([SEVEN], 18), [ERASER, 18, 70, 70]],
        acts([[*SEVEN, (130, 300)]], 18),
        acts([[(x, y) for y in range(40, 240, 8) for x in (60, 220)]], 18),
    ],
    ids=["nothing", "cleared", "dot", "spot", "erased", "beyond the pad", "filled in"],
)
def test_what_is_no_writing_stays(left_alone):
    assert even(left_alone) is left_alone


def test_only_what_was_drawn_since_the_pad_was_cleared_counts():
    assert even([[ERASER, 18, 1, 1], *acts([[(0, 0), (280, 280)]], 40), [CLEAR], *acts([SEVEN], 18)]) == even(
        acts([SEVEN], 18)
    )
