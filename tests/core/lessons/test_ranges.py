"""Which numbers can be an answer: whatever the view, what is asked lies in the range that was foreseen."""

import itertools

import pytest

from core.lessons import expression, ranges
from core.lessons.names import KNOWN, RANGES
from core.lessons.ranges import ANY, Range

WHOLE, SHARE = Range(0, whole=True), Range(0, 1)
# names with the ends of what they can be, and something between
VALUES = {"zeros": (0.0, 0.3, 1.0), "dead_maps": (0, 3, 512), "reads": (0, 4, 9), "weight": (-2.5, 0.0, 1e6)}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("zeros", SHARE),
        ("100 * zeros", Range(0, 100)),
        ("100 - 100 * zeros", Range(0, 100)),
        ("1 - 2 * zeros", Range(-1, 1)),
        ("-zeros", Range(-1, 0)),
        ("dead_maps", WHOLE),
        ("8 * dead_maps + 1", Range(1, whole=True)),
        ("dead_maps - 8", Range(-8, whole=True)),
        ("0 * dead_maps", Range(0, 0, whole=True)),
        ("dead_maps / 2", ANY),
        ("zeros * dead_maps", Range(0)),
        ("reads", Range(0, 9, whole=True)),
        ("abs(weight)", Range(0)),
        ("abs(dead_maps - reads)", WHOLE),
        ("weight", ANY),
        ("weight if reads == 3 else 1", ANY),
    ],
)
def test_a_range_follows_from_what_is_asked_and_holds_for_every_view(asked, found):
    parsed = expression.parse(asked, KNOWN)
    assert ranges.of(parsed, RANGES) == found
    for values in itertools.product(*VALUES.values()):
        assert found.problem(float(parsed.value(dict(zip(VALUES, values, strict=True))))) is None


@pytest.mark.parametrize(
    ("within", "number", "said"),
    [
        (Range(0, 100), 999999, "A number from 0 to 100 is expected here, not 999,999."),
        (WHOLE, -3, "A whole number not below 0 is expected here, not −3."),
        (WHOLE, 3.5, "A whole number not below 0 is expected here, not 3.5."),
        (Range(0), -0.5, "A number not below 0 is expected here, not −0.5."),
        (Range(0, 9, whole=True), 12, "A whole number from 0 to 9 is expected here, not 12."),
        (Range(0, 100), 100.0, None),
        (ANY, -1e12, None),
    ],
)
def test_what_lies_outside_is_told_what_is_expected(within, number, said):
    assert within.problem(number) == said


def test_settings_of_layers_say_which_numbers_they_can_be():
    whole = {"filters", "units", "kernel_size", "pool_size", "strides"}
    assert {RANGES[name] for name in whole} == {WHOLE}
    assert {RANGES[name] for name in ("rate", "momentum")} == {SHARE} and RANGES["epsilon"] == ANY
