import itertools
import re
import subprocess
import sys
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from core.data import mnist
from core.drawing.foreground import _parts
from core.drawing.grayscale import grey
from core.drawing.preparation import (
    CENTRE,
    THICKEST,
    THINNEST,
    TOLERANCE,
    DrawingError,
    prepare,
    stroke_width,
    to_mnist,
)

PAD = 280
# The thickest lines of MNIST, all but one in twenty.
MNISTS_THICKEST = 3.4
# Strokes of some digits in a box of 100×100, x to the right, y down.
STROKES = {
    1: [[(20, 30), (50, 0), (50, 100)]],
    2: [[(10, 25), (30, 2), (70, 5), (80, 30), (10, 100), (90, 100)]],
    4: [[(30, 0), (5, 60), (90, 60)], [(70, 10), (65, 100)]],
    5: [[(80, 0), (25, 2), (20, 42), (60, 38), (85, 62), (70, 92), (10, 95)]],
    7: [[(5, 5), (90, 5), (40, 100)], [(25, 52), (80, 50)]],
}


def pad(digit=5, scale=1.5, corner=(60, 60), pen=18, size=PAD):
    """White strokes on black, anti-aliased, as a canvas in a browser draws them."""
    large = Image.new("L", (4 * size, 4 * size), 0)
    draw = ImageDraw.Draw(large)
    for stroke in STROKES[digit]:
        points = [(4 * (corner[0] + scale * x), 4 * (corner[1] + scale * y)) for x, y in stroke]
        draw.line(points, fill=255, width=4 * pen)
        for x, y in points:
            draw.ellipse((x - 2 * pen, y - 2 * pen, x + 2 * pen, y + 2 * pen), fill=255)
    return large.resize((size, size), Image.Resampling.BOX)


def array(**how):
    return np.asarray(pad(**how))


def distance(one, other):
    return float(np.abs(one - other).mean())


def test_import_stays_free_of_tensorflow():
    code = "import sys; import core.drawing.preparation, core.drawing.uploads; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("digit", STROKES)
def test_result_is_made_as_mnist_was(digit):
    result = to_mnist(pad(digit))
    assert result.shape == (28, 28)
    assert result.dtype == np.float32
    assert 0 <= result.min() <= result.max() <= 1
    assert result.max() > 0.95
    rows, columns = (np.flatnonzero((result > 0.3).any(axis=axis)) for axis in (1, 0))
    assert 19 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 21
    places = np.arange(28) + 0.5
    assert result.sum(axis=1) @ places / result.sum() == pytest.approx(CENTRE, abs=0.05)
    assert result.sum(axis=0) @ places / result.sum() == pytest.approx(CENTRE, abs=0.05)


def test_mnist_itself_stays_nearly_as_it_is():
    """All but the few with the thickest lines, which are made thinner."""
    for image in mnist.half("test").images[:60]:
        steps = prepare(image)
        if steps.width_before < MNISTS_THICKEST:
            assert distance(steps.result, image / 255) < 0.06
        else:
            assert THICKEST - 0.2 < steps.width < steps.width_before


@pytest.mark.parametrize("pen", [6, 12, 18, 26, 32])
@pytest.mark.parametrize("digit", STROKES)
def test_lines_within_the_limits_are_left_as_they_are(digit, pen):
    steps = prepare(pad(digit, pen=pen))
    if THINNEST <= steps.width_before <= THICKEST:
        assert steps.width == pytest.approx(steps.width_before, rel=0.02)
    else:
        nearer = float(np.clip(steps.width_before, THINNEST, THICKEST))
        assert abs(steps.width - nearer) < abs(steps.width_before - nearer) + 0.1


def test_steps_lead_to_the_result():
    steps = prepare(pad(4, corner=(20, 90)))
    top, left, bottom, right = steps.box
    assert steps.ink.shape == (PAD, PAD)
    assert (steps.ink[:top] <= 0.3).all() and (steps.ink[:, right:] <= 0.3).all()
    assert (steps.ink[top:bottom, left:right] > 0.9).any()
    assert max(steps.strokes.shape) == pytest.approx(160, abs=3)
    assert steps.scaled.shape == (20, 20)
    assert steps.scaled.sum() == pytest.approx(steps.result.sum(), rel=0.02)
    whole = [round(value) for value in steps.shift]
    moved = np.roll(np.pad(steps.scaled, 4), whole, axis=(0, 1))
    assert distance(moved, steps.result) < 0.05
    assert np.array_equal(steps.result, to_mnist(pad(4, corner=(20, 90))))


@given(digit=st.sampled_from(sorted(STROKES)), down=st.integers(0, 100), right=st.integers(0, 100))
@settings(max_examples=25, deadline=None)
def test_place_on_the_pad_does_not_matter(digit, down, right):
    assert distance(to_mnist(pad(digit, corner=(20 + right, 20 + down))), to_mnist(pad(digit))) <= TOLERANCE


@given(digit=st.sampled_from(sorted(STROKES)), scale=st.floats(0.7, 2))
@settings(max_examples=25, deadline=None)
def test_size_does_not_matter(digit, scale):
    drawn = pad(digit, 1.2 * scale, corner=(20, 20), pen=round(14 * scale), size=300)
    pen = round(14 * scale) / scale
    assert distance(to_mnist(drawn), to_mnist(pad(digit, 1.2, pen=round(pen)))) <= TOLERANCE


@given(
    digit=st.sampled_from(sorted(STROKES)),
    ink=st.integers(0, 255),
    paper=st.integers(0, 255),
)
@settings(max_examples=40, deadline=None)
def test_polarity_and_contrast_do_not_matter(digit, ink, paper):
    if abs(ink - paper) < 40:
        return
    levels = array(digit=digit).astype(np.float32) / 255
    picture = np.rint(paper + (ink - paper) * levels).astype(np.uint8)
    assert distance(to_mnist(picture), to_mnist(pad(digit))) <= TOLERANCE


@pytest.mark.parametrize("digit", STROKES)
@pytest.mark.parametrize(
    "change",
    [
        lambda image: image.astype(np.float32) / 255,
        lambda image: image.astype(np.float64),
        lambda image: (image / 255).astype(np.float16),
        lambda image: image.astype(np.uint16) * 257,
        lambda image: image.astype(np.int64),
        lambda image: image[..., np.newaxis],
        lambda image: np.stack([image] * 3, axis=-1),
        lambda image: np.stack([image] * 3 + [np.full_like(image, 255)], axis=-1),
        lambda image: image > 127,
        lambda image: np.asfortranarray(image),
        lambda image: np.repeat(np.repeat(image, 2, 0), 2, 1)[::2, ::2],
        lambda image: np.repeat(np.repeat(image, 5, 0), 5, 1),
        lambda image: np.pad(image, ((0, 40), (0, 700))),
    ],
)
def test_kinds_of_arrays_give_the_same_digit(digit, change):
    assert distance(to_mnist(change(array(digit=digit))), to_mnist(pad(digit))) <= TOLERANCE


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "LAB", "I", "F"])
def test_modes_of_pillow_give_the_same_digit(mode):
    if mode == "LAB":
        from PIL import ImageCms

        rgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        image = ImageCms.profileToProfile(pad().convert("RGB"), rgb, lab, outputMode="LAB")
    else:
        image = pad().convert(mode)
    assert distance(to_mnist(image), to_mnist(pad())) <= TOLERANCE


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (0, 0, 200), (250, 230, 30)])
def test_strokes_on_transparency(colour):
    alpha = array()
    picture = np.dstack([np.full((PAD, PAD, 3), colour, np.uint8), alpha])
    assert distance(to_mnist(picture), to_mnist(pad())) <= TOLERANCE
    cleared = picture * (alpha > 0)[..., np.newaxis]  # browsers make transparent pixels black
    assert distance(to_mnist(cleared), to_mnist(pad())) <= TOLERANCE


def test_transparent_margins_are_no_ink():
    card = np.dstack([255 - array(), np.zeros((PAD, PAD), np.uint8)])
    card[20:260, 20:260, 1] = 255
    assert distance(to_mnist(card), to_mnist(pad())) <= TOLERANCE


@pytest.mark.parametrize("darkest", [0.5, 0.7, 0.9])
@pytest.mark.parametrize("digit", STROKES)
def test_photo_of_paper_with_uneven_light_and_noise(digit, darkest):
    down, right = np.mgrid[0:PAD, 0:PAD] / PAD
    light = 1 - (1 - darkest) * (0.6 * down + 0.4 * right**2)
    ink = array(digit=digit) / 255
    photo = light * (0.9 - 0.6 * ink) + np.random.default_rng(0).normal(0, 0.015, (PAD, PAD))
    result = to_mnist(np.clip(photo, 0, 1))
    assert distance(result, to_mnist(pad(digit))) <= TOLERANCE


def test_specks_are_no_part_of_a_digit():
    image = array().copy()
    image[5:9, 270:274] = 255
    image[270:273, 4:8] = 200
    assert distance(to_mnist(image), to_mnist(pad())) <= TOLERANCE


@given(seed=st.integers(0, 1000), density=st.floats(0, 1))
@settings(max_examples=40, deadline=None)
def test_parts_are_those_that_a_walk_over_neighbours_reaches(seed, density):
    solid = np.random.default_rng(seed).random((30, 40)) < density
    found, seen = _parts(solid), np.zeros_like(solid)
    numbers = []
    for start in zip(*np.nonzero(solid), strict=True):
        if seen[start]:
            continue
        part, ways = np.zeros_like(solid), [start]
        while ways:
            y, x = ways.pop()
            if part[y, x]:
                continue
            part[y, x] = True
            rows, columns = range(max(0, y - 1), min(30, y + 2)), range(max(0, x - 1), min(40, x + 2))
            ways += [place for place in itertools.product(rows, columns) if solid[place]]
        (number,) = np.unique(found[part])
        numbers.append(number)
        seen |= part
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert not found[~solid].any()


def test_separate_strokes_stay_together():
    image = pad(7)
    ImageDraw.Draw(image).line([(40, 250), (200, 250)], fill=255, width=12)
    rows = np.flatnonzero((to_mnist(image) > 0.3).any(axis=1))
    assert np.ptp(rows) + 1 >= 19
    assert rows.size < np.ptp(rows) + 1  # there is a gap between the digit and the line under it


@pytest.mark.parametrize("pen", [3, 6, 12, 18, 26, 32])
def test_lines_come_near_to_the_width_that_mnist_has(pen):
    steps = prepare(pad(5, pen=pen))
    assert 1.5 <= steps.width <= 4.2
    assert abs(steps.width - 2.6) <= abs(steps.width_before - 2.6) + 0.1


def test_width_is_that_of_a_bar():
    bar = np.zeros((200, 100), np.float32)
    bar[:, 30:54] = 1
    assert stroke_width(bar) == pytest.approx(3, rel=0.15)


def test_known_ink_colour_overrides_the_guess():
    picture = np.full((100, 100), 255, np.uint8)
    picture[30:70, 48:52] = 0
    assert to_mnist(picture, ink="dark").max() > 0.9
    with pytest.raises(DrawingError, match=r"^Ink covers 98% of the picture: a digit leaves most of the paper free\.$"):
        to_mnist(picture, ink="light")
    with pytest.raises(DrawingError, match=r"must be one of auto, light, dark, not 'red'"):
        to_mnist(picture, ink="red")


@pytest.mark.parametrize("value", [0, 1, 128, 255])
@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (28, 28), (280, 280), (64, 64, 3), (64, 64, 4)])
def test_blank_pictures_are_refused(value, shape):
    with pytest.raises(DrawingError, match=r"^The picture is blank: draw a digit first, in one colour on another\.$"):
        to_mnist(np.full(shape, value, np.uint8))


def test_nearly_blank_pictures_are_refused():
    noise = np.clip(np.random.default_rng(0).normal(0.8, 0.05, (200, 200)), 0, 1)
    with pytest.raises(DrawingError, match=r"blank|separate spots"):
        to_mnist(noise)


def test_scribbles_over_everything_are_refused():
    image = Image.new("L", (PAD, PAD), 0)
    draw = ImageDraw.Draw(image)
    rng = np.random.default_rng(4)
    for x, y, u, v in rng.integers(0, PAD, (150, 4)):
        draw.line([(x, y), (u, v)], fill=255, width=18)
    with pytest.raises(DrawingError):
        to_mnist(image)
    with pytest.raises(DrawingError, match=r"^Ink covers \d+% of the picture"):
        to_mnist(image, ink="light")


def zigzag(turns, pen, seed=0):
    """One stroke of the pen with this many random turns."""
    image = Image.new("L", (PAD, PAD), 0)
    points = np.random.default_rng(seed).uniform(20, PAD - 20, (turns, 2))
    ImageDraw.Draw(image).line([tuple(point) for point in points], fill=255, width=pen, joint="curve")
    return image


@pytest.mark.parametrize(("turns", "pen"), [(60, 12), (80, 12), (45, 18), (80, 18), (60, 26), (80, 26), (300, 26)])
@pytest.mark.parametrize("seed", range(4))
def test_long_scribbles_are_answered_by_what_they_are_or_read(turns, pen, seed):
    try:
        assert to_mnist(zigzag(turns, pen, seed), ink="light").shape == (28, 28)
    except DrawingError as error:
        assert re.match(r"This is more line than any digit has|Ink covers \d+%", str(error)), error


@pytest.mark.parametrize("seed", range(4))
def test_more_line_than_a_digit_has_is_refused(seed):
    with pytest.raises(DrawingError, match=r"^This is more line than any digit has: show one digit alone\.$"):
        to_mnist(zigzag(60, 12, seed), ink="light")


def test_no_digit_of_mnist_is_refused():
    """Fat zeros and eights nearly are spots: all that were taken for one once, and a thousand others."""
    plain = mnist.half("train").images
    for index in (5972, 8449, 25285, 25321, 41358, 59395, 59423, 59439, *range(0, 60_000, 60)):
        to_mnist(plain[index], ink="light")


@pytest.mark.parametrize("radius", [4, 12, 60])
def test_dots_are_refused(radius):
    image = Image.new("L", (PAD, PAD), 0)
    ImageDraw.Draw(image).ellipse((90 - radius, 90 - radius, 90 + radius, 90 + radius), fill=255)
    with pytest.raises(DrawingError, match=r"^A digit is made of lines, and this is a single spot"):
        to_mnist(image)


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (np.zeros((0, 28), np.uint8), r"at least 1×1 pixels, this one has the shape \(0, 28\)\.$"),
        (np.zeros((28, 0, 3), np.uint8), r"at least 1×1 pixels"),
        (np.zeros(784, np.uint8), r"must have the shape \(height, width\), .* not \(784,\)\.$"),
        (np.zeros((28, 28, 5), np.uint8), r"not \(28, 28, 5\)\.$"),
        (np.zeros((1, 28, 28, 1), np.uint8), r"not \(1, 28, 28, 1\)\.$"),
        (np.array(3), r"not \(\)\.$"),
        (np.full((9, 9), np.nan), r"must be a number, and some of these are not"),
        (np.full((9, 9), np.inf), r"must be a number"),
        (np.eye(9) * 300.5, r"float64 must lie from 0 to 1 or 0 to 255, these lie from 0 to 300\.5\.$"),
        (np.eye(9) - 0.5, r"must lie from 0 to 1"),
        (np.eye(9, dtype=np.int32) * 70_000, r"int32 must lie from 0 to 255 or 0 to 65535"),
        (np.eye(9, dtype=complex), r"whole numbers, floats or bools, not complex128\.$"),
        (np.full((9, 9), "7"), r"whole numbers, floats or bools, not <U1\.$"),
        (np.full((9, 9), None), r"not object\.$"),
        ([[0, 1], [1, 0]], r"must be a numpy array or a Pillow image, not list\.$"),
        (None, r"not NoneType\.$"),
        (b"\x89PNG", r"not bytes\.$"),
    ],
)
def test_what_is_no_picture_gives_one_sentence(bad, sentence):
    with pytest.raises(DrawingError, match=sentence):
        to_mnist(bad)


def test_empty_pillow_picture_is_refused():
    with pytest.raises(DrawingError, match=r"at least 1×1 pixels, this one has 0×5\.$"):
        to_mnist(Image.new("L", (0, 5)))


@given(
    shape=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    seed=st.integers(0, 10_000),
    density=st.floats(0, 1),
)
@settings(max_examples=150, deadline=None)
def test_any_picture_gives_a_digit_or_a_sentence(shape, seed, density):
    rng = np.random.default_rng(seed)
    picture = ((rng.random(shape) < density) * rng.integers(0, 256, shape)).astype(np.uint8)
    try:
        result = to_mnist(picture)
    except DrawingError as error:
        assert str(error).endswith(".")
    else:
        assert result.shape == (28, 28)
        assert np.isfinite(result).all()
        assert 0 <= result.min() <= result.max() <= 1


def test_input_is_not_changed():
    image = array().copy()
    before = image.copy()
    to_mnist(image)
    assert np.array_equal(image, before)
    frozen = image.copy()
    frozen.setflags(write=False)
    to_mnist(frozen)


def test_huge_pictures_take_little_memory():
    side = 20_000
    # one row of pixels seen 20,000 times: the picture itself takes no memory
    row = np.zeros(side, np.uint8)
    row[9_000:11_000] = 255
    huge = np.broadcast_to(row, (side, side))
    tracemalloc.start()
    result = to_mnist(huge)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert result.max() > 0.9
    assert peak < 100 * 2**20


@pytest.mark.parametrize(
    ("pixels", "top"),
    [
        (np.array([[0, 51], [102, 255]], np.uint8), 255),
        (np.array([[0, 51], [102, 255]], np.int64), 255),
        (np.array([[0, 51], [102, 255]], np.float32), 255),
        # one more than a byte holds: two bytes, then
        (np.array([[0, 51], [102, 256]], np.int64), 65_535),
        (np.array([[0, 51], [102, 65_535]], np.uint16), 65_535),
        (np.array([[0, 0.2], [0.4, 1]], np.float32), 1),
    ],
)
def test_full_brightness_is_the_largest_value_of_the_kind_of_pixel(pixels, top):
    np.testing.assert_allclose(grey(pixels), pixels.astype(np.float64) / top, rtol=1e-6)


def test_floats_beyond_a_byte_are_refused():
    grey(np.array([[0.0, 255.0]]))
    with pytest.raises(DrawingError, match=r"must lie from 0 to 1 or 0 to 255"):
        grey(np.array([[0.0, 256.0]]))


def test_pillow_pictures_are_as_bright_as_their_arrays():
    pixels = np.array([[0, 51], [102, 255]], np.uint8)
    for image in (Image.fromarray(pixels), Image.fromarray(pixels).convert("RGB")):
        np.testing.assert_allclose(grey(image), pixels / 255, rtol=1e-6)
