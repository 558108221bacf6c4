"""A drawing in the browser: the pixels that it leaves, and what the network reads, are those of core.drawing."""

import base64
import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import drawing
from core.drawing import strokes
from core.drawing.drawn import prepare_drawing
from core.drawing.preparation import DrawingError
from tests.browser import live
from tests.core.network.test_any_network import quick

RECORDED = Path(__file__).parent / "strokes.json"
CLOSE = 5e-6
# `Paper` is the same one for all, as on a page: what it keeps must not show
DRAW = """(drawings) => {
  const [paper, other] = [new LivingNetwork.Paper(), new LivingNetwork.Paper()];
  return drawings.map((acts) => {
    const pixels = paper.draw(acts);
    const { image, refusal } = LivingNetwork.prepareDrawing(acts, other);
    return [textOf(pixels), image ? textOf(image) : null, refusal ?? null];
  });
}"""


@pytest.fixture(scope="module")
def page(chromium):
    opened = live.page_with_engine(chromium)
    yield opened
    opened.close()


def in_browser(page, drawings):
    """For each drawing its pixels, and the image or the sentence that refuses it."""
    for pixels, image, refusal in page.evaluate(DRAW, drawings):
        picture = np.frombuffer(base64.b64decode(pixels), np.uint8).reshape(strokes.SIDE, strokes.SIDE)
        yield picture, refusal if image is None else live.floats(image).reshape(28, 28)


def here(acts):
    picture = strokes.picture(acts)
    try:
        return picture, prepare_drawing(acts).result
    except DrawingError as error:
        return picture, str(error)


def assert_same(page, drawings):
    """Returns what was read or said of each."""
    found = [here(acts) for acts in drawings]
    for acts, (picture, said), (pixels, expected) in zip(drawings, in_browser(page, drawings), found, strict=True):
        np.testing.assert_array_equal(picture, pixels, err_msg=str(acts))
        if isinstance(expected, str):
            assert said == expected, acts
        else:
            assert not isinstance(said, str), (said, acts)
            np.testing.assert_allclose(said, expected, rtol=0, atol=CLOSE, err_msg=str(acts))
    return [expected for _, expected in found]


def numbers(low, high):
    return st.floats(low, high, allow_nan=False).map(lambda number: round(number, 1))


@st.composite
def stroke(draw):
    kind = draw(st.sampled_from([strokes.PEN] * 4 + [strokes.ERASER]))
    points = draw(st.lists(st.tuples(numbers(-40, 320), numbers(-40, 320)), min_size=1, max_size=6))
    return [kind, draw(numbers(*strokes.WIDTHS)), *(value for point in points for value in point)]


DRAWINGS = st.lists(st.one_of(stroke(), stroke(), stroke(), st.just([strokes.CLEAR])), max_size=6)


@given(st.lists(DRAWINGS, min_size=8, max_size=8))
@quick(15)
def test_any_strokes_are_drawn_and_prepared_alike(page, drawings):
    assert_same(page, drawings)


@given(st.lists(st.tuples(numbers(20, 260), numbers(20, 260)), min_size=2, max_size=9), numbers(*strokes.WIDTHS))
@quick(15)
def test_a_stroke_that_grows_is_the_same_as_one_drawn_at_once(page, points, width):
    whole = [strokes.PEN, width, *(value for point in points for value in point)]
    first = [strokes.PEN, 12, 30, 30, 250, 40]
    growing = [[first, whole[: 4 + 2 * i]] for i in range(len(points))]
    undone = [[first], [first, [strokes.ERASER, *whole[1:]]], [first, whole, [strokes.CLEAR]], [whole], []]
    assert_same(page, [*growing, *undone])


def test_recorded_drawings_are_read_alike(page):
    recorded = json.loads(RECORDED.read_text())
    drawings = []
    for width in (8, 18, 30):
        for lines in recorded.values():
            drawings.append([[strokes.PEN, width, *(value for point in line for value in point)] for line in lines])
    assert not any(isinstance(said, str) for said in assert_same(page, drawings))


def test_digits_of_many_people_are_read_alike(page):
    if not drawing.STROKES.is_file():
        pytest.skip(f"needs the strokes that people drew, in {drawing.STROKES.name}")
    digits = json.loads(gzip.decompress(drawing.STROKES.read_bytes()))[::120]
    for pen in drawing.PENS:
        rng = np.random.default_rng(pen)
        read = assert_same(page, [drawing.as_acts(digit["strokes"], pen, rng) for digit in digits])
        assert not any(isinstance(said, str) for said in read)


PEN = strokes.PEN


def test_a_fat_zero_is_a_spot_or_not_on_both_sides(page):
    """A ring whose hole gets larger."""
    angles = np.linspace(0, 2 * np.pi, 60)
    rings = [
        [[PEN, 40, *(140 + radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)).ravel().tolist()]]
        for radius in range(20, 36)
    ]
    said = [isinstance(each, str) for each in assert_same(page, rings)]
    assert said == sorted(said, reverse=True) and 0 < sum(said) < len(said)


REFUSED = {
    "The picture is blank": [],
    "The picture is blank: draw": [[PEN, 18, 140, 60, 140, 220], [strokes.CLEAR]],
    "This is more line than any digit has": [
        [PEN, 10, *(value for y in range(20, 260, 40) for value in (0, y, 280, y + 20))]
    ],
    "% of the picture: a digit leaves most": [
        [PEN, 40, *(value for y in range(0, 281, 15) for value in (0, y, 190, y))]
    ],
    "A digit is made of lines, and this is a single spot.": [[PEN, 18, 140, 140]],
    "this picture has 9 separate spots of ink.": [[PEN, 10, x, y] for x in (40, 140, 240) for y in (40, 140, 240)],
    "seems blank": [[PEN, 6, 140, -2.9, 150, -2.9]],
}


def test_every_refusal_is_said_word_for_word(page):
    """All of them that a drawing can come to."""
    said = assert_same(page, list(REFUSED.values()))
    for expected, sentence in zip(REFUSED, said, strict=True):
        assert isinstance(sentence, str) and expected in sentence
