"""Figures of the Tensors and the Data set page: what they are given is what they show."""

import numpy as np
import pytest

from core.tensors import random_numbers
from core.tensors.tensor import memory
from viz import densities, digits, memory_bars, mixing, palette

IMAGE = np.arange(784, dtype=np.uint8).reshape(28, 28)


def test_large_digit_has_every_pixel():
    chart = digits.large(IMAGE)
    assert np.array_equal(np.array(chart.data[0].z), IMAGE)
    assert (chart.data[0].zmin, chart.data[0].zmax) == (0, 255)
    assert chart.layout.yaxis.range[0] > chart.layout.yaxis.range[1]  # row 0 is on top


def test_grey_rounds_and_enlarges():
    picture = digits.grey(np.full((28, 28), 99.6), 5)
    assert picture.size == (140, 140)
    assert picture.getpixel((0, 0)) == 100


@pytest.mark.parametrize("share", [False, True])
def test_counts(share):
    halves = {"Training": np.arange(1, 11), "Test": np.ones(10, int)}
    chart = digits.counts(halves, share)
    for trace, numbers in zip(chart.data, halves.values(), strict=True):
        expected = numbers / numbers.sum() if share else numbers
        assert np.allclose(trace.y, expected)


@pytest.mark.parametrize("log", [False, True])
def test_pixels_cover_the_axis_without_gaps(log):
    edges = np.arange(9) * 32
    chart = digits.pixels(np.arange(8) + 1, edges, log)
    bars = chart.data[0]
    left, right = np.array(bars.x) - np.array(bars.width) / 2, np.array(bars.x) + np.array(bars.width) / 2
    assert np.allclose(left[1:], right[:-1])
    assert (left[0], right[-1]) == (-0.5, 255.5)
    assert (chart.layout.yaxis.type == "log") is log


@pytest.mark.parametrize("n", [1, 10, 60_000])
def test_mixing_shows_real_positions(n):
    order = np.random.default_rng(0).permutation(n)
    points = mixing.order(order, 10).data[0]
    assert 1 <= len(points.x) <= 1500
    assert np.array_equal(order[np.array(points.x)], points.y)


def test_no_point_lies_above_the_line_of_the_buffer():
    order = np.arange(100)
    points, line = mixing.order(order, 10).data
    assert (np.interp(points.x, line.x, line.y) >= points.y).all()


def test_density_bars_have_the_area_one():
    histogram = random_numbers.histogram(np.random.default_rng(0).normal(size=500), 20)
    x = np.linspace(-3, 3, 50)
    bars, line = densities.histogram(histogram.density, histogram.counts, histogram.edges, x, x).data
    assert (np.array(bars.y) * np.array(bars.width)).sum() == pytest.approx(1)
    assert np.array_equal(line.x, x)


def test_memory_bars_mark_before_and_after():
    bars = memory_bars.sizes(memory(10), "float32", "uint8").data[0]
    colours = dict(zip(bars.y, bars.marker.color, strict=True))
    assert (colours["float32"], colours["uint8"]) == (palette.BEFORE, palette.AFTER)
    assert dict(zip(bars.y, bars.x, strict=True)) == memory(10)


@pytest.mark.parametrize(
    ("count", "text"), [(1, "1 B"), (999, "999 B"), (1000, "1 kB"), (6_705_064, "6.71 MB"), (13_410_128, "13.4 MB")]
)
def test_size(count, text):
    assert memory_bars.size(count) == text
