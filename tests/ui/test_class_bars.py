"""Ten numbers as rows: bars as long as the numbers are large, and texts that never round an answer away."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ui.components.class_bars import are_shares, rows
from ui.shared import text

numbers = st.lists(st.floats(-1e6, 1e6, width=32), min_size=10, max_size=10).map(np.array)


@given(numbers)
@settings(deadline=None, derandomize=True, max_examples=200)
def test_a_bar_goes_from_zero_to_its_number(values):
    said = rows(values, None)
    spans, zero = np.array(said["spans"]), said["zero"]
    assert (spans >= 0).all() and (spans <= 1 + 1e-9).all() and (spans[:, 0] <= spans[:, 1]).all()
    # every bar touches zero, and its length is its number's part of all that is between the ends
    assert (np.isclose(spans[:, 0], zero) | np.isclose(spans[:, 1], zero)).all()
    if not are_shares(values) and (width := max(values.max(), 0) - min(values.min(), 0)) > 0:
        np.testing.assert_allclose(spans[:, 1] - spans[:, 0], np.abs(values) / width, atol=1e-6)
    assert said["best"] == int(values.argmax())


def test_probabilities_take_the_whole_width_for_one():
    values = np.array([0.5, 0.25, 0.25, *[0] * 7])
    said = rows(values, 1)
    assert are_shares(values) and said["zero"] == 0
    assert said["spans"][:3] == [[0, 0.5], [0, 0.25], [0, 0.25]]
    assert said["texts"][:4] == ["50.0 %", "25.0 %", "25.0 %", "0.0 %"]
    assert said["note"] == "1, underlined, is the label." and said["marked"] == 1
    assert rows(values, None)["note"] == ""


@pytest.mark.parametrize(
    ("value", "shown"), [(1.0, "100.0 %"), (0.99999, "> 99.9 %"), (0.9994, "99.9 %"), (0.0001, "< 0.1 %"), (0, "0.0 %")]
)
def test_what_is_not_quite_all_or_nothing_never_reads_so(value, shown):
    assert text.share(value) == shown


def test_other_numbers_are_written_as_they_are():
    values = np.array([-2.5, 1.5, *[0.0] * 8])
    assert not are_shares(values)
    assert rows(values, None)["texts"][:3] == ["−2.5", "1.5", "0"]
    assert rows(np.zeros(10), None)["zero"] == 0
