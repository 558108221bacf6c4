"""Walls, pixel by pixel: every value is where it belongs, and has its colour."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viz import palette, walls
from viz.palette import Range


def quick(examples):
    return settings(deadline=None, derandomize=True, max_examples=examples)


def noise(*shape):
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


def pixels(image):
    return np.asarray(image)


@given(
    height=st.integers(1, 5),
    width=st.integers(1, 5),
    channels=st.integers(1, 9),
    columns=st.none() | st.integers(1, 5),
    scale=st.integers(1, 3),
    gap=st.integers(0, 3),
    mode=st.sampled_from(["layer", "map", "fixed"]),
    family=st.sampled_from(["activations", "weights"]),
    theme=st.sampled_from(palette.THEMES),
)
@quick(120)
def test_every_pixel_of_a_wall(height, width, channels, columns, scale, gap, mode, family, theme):
    maps = noise(height, width, channels)
    image = walls.wall(maps, theme, mode, family, columns, scale, gap)
    found = pixels(image)
    across = columns or next(n for n in range(1, 10) if n * n >= channels)  # square unless told otherwise
    down = -(-channels // across)
    expected = np.zeros((down * height * scale + (down - 1) * gap, across * width * scale + (across - 1) * gap, 4))
    for channel in range(channels):
        limit = {"layer": np.abs(maps).max(), "map": np.abs(maps[..., channel]).max(), "fixed": 1.0}[mode]
        span = Range(-float(limit), float(limit), "")
        row, column = divmod(channel, across)
        for r in range(height):
            for c in range(width):
                colour = palette.colourise(maps[r : r + 1, c, channel], span, family, theme)[0]
                top = row * (height * scale + gap) + r * scale
                left = column * (width * scale + gap) + c * scale
                expected[top : top + scale, left : left + scale] = [*colour, 255]
    assert image.mode == "RGBA"
    np.testing.assert_array_equal(found, expected)


def test_between_the_maps_and_after_the_last_the_page_shows_through():
    alpha = pixels(walls.wall(noise(2, 2, 3), "dark", gap=1))[..., 3]
    np.testing.assert_array_equal(
        alpha // 255,
        [[1, 1, 0, 1, 1], [1, 1, 0, 1, 1], [0, 0, 0, 0, 0], [1, 1, 0, 0, 0], [1, 1, 0, 0, 0]],
    )


def test_a_dead_map_among_others_is_neutral_whatever_the_range():
    maps = np.dstack([noise(3, 3), np.zeros((3, 3), np.float32)])
    for mode in ("layer", "map", "fixed"):
        dead = pixels(walls.wall(maps, "light", mode, columns=2, gap=0))[:, 3:]
        assert (dead == [244, 244, 242, 255]).all()


@given(st.integers(1, 40), st.integers(1, 6), st.integers(1, 3))
@quick(60)
def test_a_strip_is_read_like_text(length, rows, scale):
    values = noise(length)
    found = pixels(walls.strip(values, "light", rows, scale))
    columns = -(-length // rows)
    assert found.shape == (rows * scale, columns * scale, 4)
    colours = palette.colourise(values, palette.symmetric(values, ""), "activations", "light")
    for position in range(rows * columns):
        top, left = position // columns * scale, position % columns * scale
        square = found[top : top + scale, left : left + scale].reshape(-1, 4)
        if position < length:
            assert (square == [*colours[position], 255]).all()
        else:
            assert not square[:, 3].any()


def test_a_strip_of_weights_has_the_colours_of_weights():
    strips = [pixels(walls.strip(noise(6), "dark", 1, family=family)) for family in ("activations", "weights")]
    assert not np.array_equal(*strips)


@pytest.mark.parametrize("shape", [(2, 3), (2, 3, 3)])
@pytest.mark.parametrize("scale", [1, 4])
def test_a_picture_is_enlarged_without_a_blur(shape, scale):
    image = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    found = pixels(walls.picture(image, scale))
    assert found.dtype == np.uint8
    np.testing.assert_array_equal(found, np.kron(image, np.ones((scale, scale, 1)[: len(shape)], np.uint8)))
