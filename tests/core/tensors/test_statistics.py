"""Histograms count every value once, on the right side of zero; the numbers beside them are those of math."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core.tensors import statistics


def quick(examples):
    return settings(deadline=None, derandomize=True, max_examples=examples)


# Of every magnitude that float32 has without losing digits; often with whole runs of zeros.
magnitudes = st.one_of(
    st.just(0.0),
    st.floats(-1, 1, width=32, allow_subnormal=False),
    st.floats(-np.float32(1e30), np.float32(1e30), width=32, allow_subnormal=False),
    st.floats(-(2.0**-100), 2.0**-100, width=32, allow_subnormal=False),
)
arrays = hnp.arrays(np.float32, hnp.array_shapes(max_dims=3, max_side=4), elements=magnitudes, fill=st.nothing())


@given(arrays)
@quick(150)
def test_the_summary_is_what_python_counts(values):
    items = [float(value) for value in values.ravel()]
    found = statistics.summary(values)
    assert (found.minimum, found.maximum, found.size) == (min(items), max(items), len(items))
    assert found.mean == pytest.approx(math.fsum(items) / len(items), rel=1e-9, abs=1e-12 * max(map(abs, items)))
    assert found.zeros * len(items) == pytest.approx(items.count(0))
    assert found.negatives * len(items) == pytest.approx(sum(item < 0 for item in items))


def test_the_mean_does_not_drown_in_float32():
    values = np.full(10_000_000, 0.1, np.float32)
    values[0] = 2**24
    exact = (2**24 + 9_999_999 * float(np.float32(0.1))) / 10_000_000
    assert statistics.summary(values).mean == pytest.approx(exact, rel=1e-9)


@given(arrays, arrays, st.integers(2, 50))
@quick(300)
def test_the_edges_cover_all_values_and_every_value_is_counted(first, second, bins):
    edges = statistics.shared_edges(first, second, bins=bins)
    both = np.concatenate([first.ravel(), second.ravel()]).astype(np.float64)
    assert len(edges) == bins + 1
    assert (np.diff(edges) > 0).all()
    slack = 1e-12 * np.abs(both).max()
    assert edges[0] <= both.min() + slack and edges[-1] >= both.max() - slack
    for values in (first, second):
        counts = statistics.histogram(values, edges)
        assert counts.shape == (bins,) and np.issubdtype(counts.dtype, np.integer)
        assert counts.sum() == values.size
    if both.min() < 0 < both.max():
        zero = np.flatnonzero(edges == 0)
        assert len(zero) == 1
        assert statistics.histogram(first, edges)[: zero[0]].sum() == (first < 0).sum()
    widths = np.diff(edges)
    np.testing.assert_allclose(widths, widths.mean(), rtol=1e-6)


@given(arrays, arrays)
@quick(150)
def test_no_bins_are_wasted(first, second):
    """The bins end where the values do; with zero as an edge one side may go on for one bin."""
    edges = statistics.shared_edges(first, second)
    both = np.concatenate([first.ravel(), second.ravel()]).astype(np.float64)
    if both.min() < both.max():
        width = float(edges[1] - edges[0])
        # where one side is shorter than a bin, it has that bin to itself
        assert both.min() - edges[0] < width * 1.001 and edges[-1] - both.max() < width * 1.001


def test_each_value_is_in_the_bin_whose_edges_hold_it():
    values = np.array([-2, -1.5, -0.1, 0, 0, 0.3, 1.9, 2], np.float32)
    edges = statistics.shared_edges(values, bins=4)
    np.testing.assert_allclose(edges, [-2, -1, 0, 1, 2])
    assert statistics.histogram(values, edges).tolist() == [2, 1, 3, 2]


@pytest.mark.parametrize("value", [0.0, 1.0, -0.25, 1e-30, -3e5, 1e30])
@pytest.mark.parametrize("shape", [(1,), (4, 3)])
def test_constants_stand_in_the_middle(value, shape):
    values = np.full(shape, value, np.float32)
    edges = statistics.shared_edges(values, values)
    counts = statistics.histogram(values, edges)
    assert (np.diff(edges) > 0).all() and edges[0] < float(values.flat[0]) < edges[-1]
    assert counts.sum() == counts.max() == values.size
    assert abs(int(counts.argmax()) - 20) <= 1


def test_one_side_much_longer_than_the_other_keeps_the_number_of_bins():
    for low, high in ((-100, 1), (-1, 100), (-1e6, 1e-6), (-1e-6, 1e6)):
        edges = statistics.shared_edges(np.array([low, high], np.float32))
        assert len(edges) == 41 and (edges == 0).sum() == 1


@given(hnp.arrays(np.float32, st.integers(1, 700), elements=st.floats(-5, 5, width=32)), st.integers(2, 300))
@quick(100)
def test_spread_pairs_are_real_pairs_from_end_to_end(values, most):
    """The outputs are positions, so that a pair that never was is found out whatever the inputs are."""
    positions = np.arange(values.size)
    x, y = statistics.spread_pairs(values, positions, most)
    assert len(x) == len(y) == min(most, values.size)
    np.testing.assert_array_equal(x, values[y])
    assert len(set(y.tolist())) == len(y)
    assert (np.diff(x) >= 0).all()
    if values.size > 1:
        assert (x[0], x[-1]) == (values.min(), values.max())


def test_spread_pairs_are_spread_evenly_and_take_any_shape():
    values = np.random.default_rng(0).permutation(1000).astype(np.float32).reshape(10, 25, 4)
    x, y = statistics.spread_pairs(values, 2 * values, 101)
    np.testing.assert_array_equal(y, 2 * x)
    np.testing.assert_allclose(x, np.linspace(0, 999, 101), atol=0.51)


@given(hnp.arrays(np.float32, 30, elements=st.floats(-4, 4, width=32)), st.integers(1, 50))
@quick(100)
def test_fixed_edges_leave_out_what_lies_beyond_and_count_the_rest(values, bins):
    edges = statistics.fixed_edges(-2, 2, bins)
    assert (edges[0], edges[-1], len(edges)) == (-2, 2, bins + 1)
    np.testing.assert_allclose(np.diff(edges), 4 / bins)
    shown = statistics.inside(values, edges)
    assert sorted(shown.tolist()) == sorted(value for value in values.tolist() if -2 <= value <= 2)
    counts = statistics.histogram(shown, edges)
    for i in range(bins):
        last = i == bins - 1
        within = [v for v in values.tolist() if edges[i] <= v < edges[i + 1] or (last and v == edges[-1])]
        assert counts[i] == len(within)


def test_values_on_the_outermost_edges_are_shown_as_numpy_counts_them():
    values = np.array([-2.5, -2, 0, 2, 2.5, 300], np.float32)
    shown = statistics.inside(values, statistics.fixed_edges(-2, 2))
    assert shown.tolist() == [-2, 0, 2]
    assert np.histogram(values, range=(-2, 2))[0].sum() == shown.size  # what plt.hist draws


def test_fixed_edges_have_one_at_zero_so_that_no_bar_mixes_signs():
    assert 0 in statistics.fixed_edges(-2, 2)
