"""Zero is neutral, the ends are the ends, and a weight never has the colour of an activation."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viz import palette
from viz.palette import Range

SIGNED = ("activations", "weights")
FAMILIES = (*SIGNED, "grey")
# light: the page is light and so is zero; dark: both are dark
NEUTRAL = {"light": (244, 244, 242), "dark": (27, 30, 36)}

everywhere = pytest.mark.parametrize(
    ("family", "theme"), [(family, theme) for family in SIGNED for theme in palette.THEMES]
)


def quick(examples):
    return settings(deadline=None, derandomize=True, max_examples=examples)


def colour(values, span, family="activations", theme="light"):
    return palette.colourise(np.asarray(values, np.float32), span, family, theme).tolist()


def luminance(colours):
    """Relative luminance as WCAG defines it: 0 is black, 1 is white."""
    part = np.asarray(colours) / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def hue(rgb):
    """Which of red, green and blue is strongest and which weakest."""
    return int(np.argmax(rgb)), int(np.argmin(rgb))


@everywhere
@given(limit=st.floats(np.float32(1e-30), np.float32(1e30), width=32))
@quick(60)
def test_zero_is_neutral_in_every_symmetric_range(family, theme, limit):
    span = Range(-limit, limit, "any")
    assert tuple(colour([0.0], span, family, theme)[0]) == NEUTRAL[theme]
    assert tuple(colour([-0.0], span, family, theme)[0]) == NEUTRAL[theme]
    low, high = colour([-limit, limit], span, family, theme)
    assert [low, high] == palette.table(family, theme)[[0, -1]].tolist()
    assert colour([-2 * limit, 2 * limit], span, family, theme) == [low, high]
    assert low != high and tuple(low) != NEUTRAL[theme] != tuple(high)


@everywhere
def test_colours_leave_the_neutral_one_steadily_on_both_sides(family, theme):
    light = luminance(palette.table(family, theme))
    assert len(light) == 255 and light[127] == (light.max() if theme == "light" else light.min())
    outward = light if theme == "dark" else -light
    # rounding to whole numbers may turn a step by a hair, never a tenth of the way
    for side in (outward[127:], outward[127::-1]):
        assert (side[16:] > side[:-16]).all()


@everywhere
def test_the_first_values_beside_zero_already_have_their_hue(family, theme):
    table = palette.table(family, theme).astype(int)
    assert tuple(table[127]) == NEUTRAL[theme]
    warm, cold = table[127 + 25] - table[127], table[127 - 25] - table[127]
    assert np.abs(warm - cold).max() > 20


@pytest.mark.parametrize("theme", palette.THEMES)
def test_activations_are_blue_and_orange_weights_purple_and_green(theme):
    half = {family: palette.table(family, theme)[[63, 191]].tolist() for family in SIGNED}
    (blue, orange), (purple, green) = half["activations"], half["weights"]
    assert hue(blue) == (2, 0) and hue(orange) == (0, 2)
    assert hue(purple) == (2, 1) and hue(green) == (1, 0)
    for number, (first, second) in palette.SIGNS.items():
        signs = [[int(text[i : i + 2], 16) for i in (1, 3, 5)] for text in (first, second)]
        assert [hue(rgb) for rgb in signs] == [hue(rgb) for rgb in half[number]]


@pytest.mark.parametrize("theme", palette.THEMES)
def test_no_weight_has_the_colour_of_an_activation(theme):
    first, second = (palette.table(family, theme).astype(int) for family in SIGNED)
    far = np.abs(first[:, np.newaxis] - second[np.newaxis]).max(axis=-1)
    away = np.abs(np.arange(255) - 127) > 40  # near zero everything is nearly neutral
    assert far[away][:, away].min() > 8


def test_grey_goes_from_black_to_white():
    span = Range(0, 1, "pixels")
    values = np.linspace(0, 1, 255)
    found = palette.colourise(values, span, "grey", "light")
    np.testing.assert_array_equal(found, np.repeat(np.rint(values * 255)[:, np.newaxis], 3, axis=1))
    np.testing.assert_array_equal(found, palette.colourise(values, span, "grey", "dark"))


@given(st.lists(st.floats(-3, 3, width=32), min_size=1, max_size=20), st.floats(0.25, 3))
@quick(80)
def test_a_value_takes_the_nearest_of_255_colours(values, limit):
    table = palette.table("activations", "light")
    for value, found in zip(values, colour(values, Range(-limit, limit, "")), strict=True):
        places = np.linspace(-limit, limit, 255)
        distance = np.abs(places - np.clip(value, -limit, limit))
        nearest = np.flatnonzero(distance <= distance.min() + 1e-5 * limit)
        assert found in table[nearest].tolist()


@pytest.mark.parametrize("family", FAMILIES)
def test_a_value_that_is_no_number_harms_no_other(family):
    values = np.array([[np.nan, 0.5], [np.inf, -np.inf]], np.float32)
    found = palette.colourise(values, Range(-1, 1, "fixed"), family, "dark")
    assert found.shape == (2, 2, 3) and found.dtype == np.uint8
    table = palette.table(family, "dark").tolist()
    assert found[0, 0].tolist() in table
    assert found[0, 1].tolist() == colour([0.5], Range(-1, 1, ""), family, "dark")[0]
    assert found[1].tolist() == [table[-1], table[0]]


def test_the_colour_table_cannot_be_changed():
    with pytest.raises(ValueError):
        palette.table("weights", "light")[0] = 0


def test_the_range_is_the_layers_the_maps_or_fixed():
    layer = np.array([[-4, 1], [0, 2]], np.float32)
    assert palette.choose_range("layer", layer, layer[1]) == Range(-4, 4, "whole layer")
    assert palette.choose_range("map", layer, layer[1]) == Range(-2, 2, "this map alone")
    assert palette.choose_range("fixed", layer, layer[1]) == Range(-1, 1, "fixed")
    with pytest.raises(ValueError, match="Expected a range of layer, map or fixed, got 'page'"):
        palette.choose_range("page", layer, layer[1])


def test_a_map_of_zeros_has_a_range_and_looks_empty():
    zeros = np.zeros((3, 3), np.float32)
    span = palette.symmetric(zeros, "dead")
    assert span.low < 0 < span.high and span.label == "dead"
    assert {tuple(rgb) for row in colour(zeros, span) for rgb in row} == {NEUTRAL["light"]}


@pytest.mark.parametrize("theme", palette.THEMES)
@pytest.mark.parametrize("family", FAMILIES)
def test_the_scale_of_plotly_has_the_same_colours(family, theme):
    scale = palette.plotly_scale(family, theme)
    places = [place for place, _ in scale]
    assert places[0] == 0 and places[-1] == 1 and places == sorted(set(places)) and 0.5 in places
    for place, text in scale:
        found = colour([place], Range(0, 1, ""), family, theme)[0]
        assert text == f"rgb({found[0]},{found[1]},{found[2]})"


@pytest.mark.parametrize("theme", palette.THEMES)
@pytest.mark.parametrize("answer", palette.ANSWERS)
def test_what_is_said_of_an_answer_is_read_on_its_colour_as_well_as_any_text(answer, theme):
    behind, ink = (luminance(palette._rgb(each[theme])) for each in (palette.ANSWERS[answer], palette.INK))
    assert (max(behind, ink) + 0.05) / (min(behind, ink) + 0.05) >= 7


def test_no_style_has_a_colour_of_its_own():
    """Black and white are none: they lie behind pictures and around marks, in both themes."""
    own = re.compile(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b")
    styles = list((Path(palette.__file__).parents[1] / "ui").rglob("*.css"))
    found = {style.name: {*own.findall(style.read_text(encoding="utf-8"))} - {"#fff", "#000"} for style in styles}
    assert styles and not {name: colours for name, colours in found.items() if colours}
