"""Numbers as people read them."""

import pytest

from ui.shared import text

ENDINGS = {
    "st": (1, 21, 31, 101, 121, 1001),
    "nd": (2, 22, 32, 42, 102, 122),
    "rd": (3, 23, 43, 103, 123),
    "th": (0, 4, 5, 9, 10, 11, 12, 13, 14, 19, 20, 24, 30, 100, 110, 111, 112, 113, 114, 211, 1012, 10_013),
}


@pytest.mark.parametrize(("number", "ending"), [(n, ending) for ending, numbers in ENDINGS.items() for n in numbers])
def test_ordinals_end_as_they_are_spoken(number, ending):
    assert text.ordinal(number) == f"{number:,}{ending}"
