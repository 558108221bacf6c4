"""Colours that mean different things look different to red-green blind eyes too."""

import itertools

import numpy as np
import pytest

from tests.viz.colour_vision import EYES, apart, seen
from tests.viz.test_palette import luminance
from viz import palette

# far more than is just seen (about 1), so that a small cell or a thin line is told apart at a glance
PLAIN = 10
# of families at any two strengths from half way on: none is the other's colour
NEVER_THE_SAME = 7
STRENGTHS = np.array([64, 96, 127])  # steps from zero: half, three quarters, all

# L*a*b* of two colours and their distance, from the supplementary data of Sharma, Wu and Dalal
PUBLISHED = [
    ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
    ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((90.8027, -2.0831, 1.4410), (91.1528, -1.6435, 0.0447), 1.4441),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]

everybody = pytest.mark.parametrize("eyes", EYES)


def rgb(colours) -> np.ndarray:
    return np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in colours])


@pytest.mark.parametrize(("one", "other", "distance"), PUBLISHED)
def test_the_distance_is_the_published_one(one, other, distance):
    assert apart(np.array(one), np.array(other)) == pytest.approx(distance, abs=1e-4)


def test_these_eyes_confuse_red_with_green_and_never_blue_with_yellow():
    red, green, blue, yellow = rgb(["#c06000", "#7a8c00", "#0000ff", "#ffff00"])
    for eyes in ("deuteranopia", "protanopia"):
        assert apart(seen(red, eyes), seen(green, eyes)) < apart(seen(red, "all cones"), seen(green, "all cones")) / 2
        assert apart(seen(blue, eyes), seen(yellow, eyes)) > 50


@everybody
@pytest.mark.parametrize("theme", palette.THEMES)
def test_a_weight_is_told_from_an_activation_and_a_sign_from_the_other(theme, eyes):
    tables = {family: seen(palette.table(family, theme), eyes) for family in ("activations", "weights")}
    sides = {(family, sign): table[127 + sign * STRENGTHS] for family, table in tables.items() for sign in (-1, 1)}
    for one, other in itertools.combinations(sides, 2):
        assert apart(sides[one], sides[other]).min() > PLAIN, (one, other)
    strong = np.abs(np.arange(255) - 127) >= STRENGTHS[0]
    every = apart(tables["activations"][strong][:, None], tables["weights"][strong][None])
    assert every.min() > NEVER_THE_SAME


@everybody
def test_bars_and_curves_of_a_sign_are_told_apart(eyes):
    lab = seen(rgb([colour for pair in palette.SIGNS.values() for colour in pair]), eyes)
    assert min(apart(one, other) for one, other in itertools.combinations(lab, 2)) > PLAIN


@everybody
def test_no_two_runs_look_alike(eyes):
    lab = seen(rgb(palette.RUNS), eyes)
    assert min(apart(one, other) for one, other in itertools.combinations(lab, 2)) > PLAIN


@pytest.mark.parametrize("colour", [*palette.RUNS, *(colour for pair in palette.SIGNS.values() for colour in pair)])
def test_a_line_stands_out_from_both_backgrounds(colour):
    own = luminance(rgb([colour]))[0]
    for background in rgb(["#ffffff", "#15181d"]):
        low, high = sorted((own, luminance(background)))
        assert (high + 0.05) / (low + 0.05) >= 3
