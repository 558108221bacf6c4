"""The picture of a drawing: covered as far as geometry says, and read by the shipped network as well as ever."""

import gzip
import itertools
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import drawing
from core.drawing import strokes
from core.drawing.strokes import CLEAR, ERASER, PEN
from core.network import saved

PLACES = st.floats(30, 250)
POINTS = st.lists(st.tuples(PLACES, PLACES), min_size=1, max_size=5)
WIDTHS = st.floats(*strokes.WIDTHS)


def act(kind, width, points):
    return [kind, width, *(value for point in points for value in point)]


def distances(points):
    """From the middle of every pixel to the nearest of many points along the line: (280, 280), too large by at most
    a tenth of a pixel."""
    ends = np.array([*points, points[-1]])
    along = [np.linspace(a, b, int(np.hypot(*(b - a)) / 0.5) + 2) for a, b in itertools.pairwise(ends)]
    y, x = np.mgrid[: strokes.SIDE, : strokes.SIDE] + 0.5
    nearest = np.full(x.shape, np.inf)
    for px, py in np.concatenate(along):
        nearest = np.minimum(nearest, (x - px) ** 2 + (y - py) ** 2)
    return np.sqrt(nearest)


@given(POINTS, WIDTHS)
@settings(max_examples=25)
def test_what_lies_within_half_the_width_is_white(points, width):
    picture, distance = strokes.picture([act(PEN, width, points)]), distances(points)
    assert (picture[distance < width / 2 - 0.5] == 255).all()
    assert (picture[distance > width / 2 + 0.6] == 0).all()


def test_a_dot_has_the_area_of_its_circle():
    for width in (6, 17.3, 40):
        area = strokes.picture([[PEN, width, 140.2, 99.7]]).sum() / 255
        assert area == pytest.approx(np.pi * width**2 / 4, rel=0.01)


def test_a_line_is_as_wide_as_its_pen():
    picture = strokes.picture([[PEN, 18.4, 40, 100.3, 240, 100.3]])
    np.testing.assert_allclose(picture[:, 60:220].sum(axis=0) / 255, 18.4, atol=0.01)


@given(POINTS, WIDTHS, st.integers(0, 4))
def test_it_does_not_matter_where_a_line_is_cut(points, width, place):
    parts = [part for part in (points[: place + 1], points[place:]) if part]
    cut = [act(PEN, width, part) for part in parts]
    np.testing.assert_array_equal(strokes.picture(cut), strokes.picture([act(PEN, width, points)]))


@given(POINTS, WIDTHS)
def test_an_eraser_takes_away_what_a_pen_of_its_width_gave(points, width):
    drawn, cleared = act(PEN, width, points), act(ERASER, width + 2, points)
    assert not strokes.picture([drawn, cleared]).any()
    assert strokes.picture([cleared, drawn]).any() and not strokes.picture([drawn, [CLEAR]]).any()


def test_beside_the_pad_is_nothing():
    assert not strokes.picture([[PEN, 20, -30, -30, -30, 300], [PEN, 20, 300, 3, 2000, 2000]]).any()


def test_the_shipped_network_reads_what_people_drew():
    if not drawing.STROKES.is_file():
        pytest.skip(f"needs the strokes that people drew, in {drawing.STROKES.name}")
    digits = json.loads(gzip.decompress(drawing.STROKES.read_bytes()))[::12]
    images = np.stack([drawing.prepared(acts) for acts in drawing.drawings(digits, 18)])
    right = saved.predict(saved.load_pretrained(), images).argmax(1) == [digit["label"] for digit in digits]
    assert right.mean() > 0.985
