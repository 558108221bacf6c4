import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tensors.tensor import axes_layout
from tests.viz.test_palette import luminance
from viz import describe, palette, tensor_axes

shapes = st.lists(st.integers(1, 10_000), max_size=8).map(tuple)


def drawn(values, lengths=None, theme="light"):
    layout = axes_layout(values.shape)
    lengths = lengths or values.shape
    return tensor_axes.picture(values, layout.cells(), layout.size, layout.axes, lengths, theme)


@given(shapes)
def test_what_is_drawn_fits_whatever_the_shape(shape):
    shown = tensor_axes.crop(shape)
    assert len(shown) == len(shape)
    assert all(1 <= part <= whole for part, whole in zip(shown, shape, strict=True))
    rows, columns = axes_layout(shown).size
    assert rows <= tensor_axes.MOST_CELLS and columns <= tensor_axes.MOST_CELLS
    assert math.prod(shown) <= tensor_axes.MOST_CELLS**2


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (24, 24), (2, 3, 4), (2, 2, 2, 1)])
def test_small_tensors_are_drawn_whole(shape):
    assert tensor_axes.crop(shape) == shape


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 3, 4), (2, 2, 2, 1), (2, 2, 1, 1, 3)])
def test_every_value_is_in_its_cell_and_every_axis_has_an_arrow(shape):
    values = np.arange(math.prod(shape), dtype=np.float32).reshape(shape)
    chart, width = drawn(values)
    cells = axes_layout(shape).cells()
    grid = np.array(chart.data[0].z)
    assert grid[cells[:, 0], cells[:, 1]].tolist() == values.ravel().tolist()
    assert np.isfinite(grid).sum() == values.size
    words = [note.text for note in chart.layout.annotations]
    arrows = [note for note in chart.layout.annotations if note.showarrow]
    assert len(arrows) == min(len(shape), 4)
    for axis in range(max(len(shape) - 3, 0), len(shape)):
        assert any(word.startswith(f"axis {axis}: {shape[axis]}") for word in words)
    assert 0 < width < 800


def test_folded_axes_share_an_arrow():
    chart, _ = drawn(np.zeros((2, 3, 1, 1, 1)))
    assert "axes 0–1: 2 × 3" in [note.text for note in chart.layout.annotations]


def test_arrows_name_the_whole_length():
    chart, _ = drawn(np.zeros((24,)), lengths=(10_000,))
    assert "axis 0: 10000" in [note.text for note in chart.layout.annotations]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_values_that_are_no_numbers_are_written_as_they_are(theme):
    chart, _ = drawn(np.array([np.nan, np.inf, -np.inf, 1.0]), theme=theme)
    assert describe.table(chart).rows[0][1:] == ("nan", "inf", "−inf", "1")


def test_long_whole_numbers_are_rounded_in_the_cell_only():
    chart, _ = drawn(np.array([9007199254740993, 70000]))
    assert describe.table(chart).rows[0][1:] == ("9.007e+15", "70000")
    assert chart.data[0].customdata[0][0] == "tensor[0] = 9007199254740993"


@pytest.mark.parametrize(
    ("value", "written"),
    [(True, "True"), (np.int64(-3), "−3"), (2**62, str(2**62)), (0.1, "0.1"), (np.float32(-1e-8), "−1e−08")],
)
def test_text_of_a_value(value, written):
    assert tensor_axes.text(value) == written


@pytest.mark.parametrize("theme", palette.THEMES)
def test_every_number_stands_out_from_its_cell(theme):
    values = np.linspace(-1, 1, 60)
    chart, _ = drawn(values, theme=theme)
    span = palette.symmetric(values, "tensor")
    light = luminance(palette.colourise(values, span, "activations", theme))
    seen = 0
    for layer in chart.data[1:]:
        here = np.isfinite(np.array(layer.z, float)[0])
        ink = {"#000": 0.0, "#fff": 1.0}[layer.textfont.color]
        for own in light[here]:
            low, high = sorted((ink, own))
            assert (high + 0.05) / (low + 0.05) >= 4.5
        seen += here.sum()
    assert seen == len(values)
