from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from core.data import mnist
from core.data.input_pipeline import PipelineSpec, first_batches, mixing, stream_order

ROOT = Path(__file__).resolve().parents[3]
SMALL = PipelineSpec(examples=70, buffer_size=10, batch_size=32, seed=4)

specs = st.builds(
    PipelineSpec,
    examples=st.integers(1, 60),
    buffer_size=st.integers(1, 80),
    batch_size=st.integers(1, 70),
    drop_remainder=st.booleans(),
    seed=st.integers(0, 2**31 - 2),
    take=st.integers(1, 5),
    repeat=st.integers(1, 2),
).filter(lambda spec: spec.problem() is None)


@given(specs)
@settings(max_examples=40, deadline=None)
def test_batch_counts_are_those_of_tensorflow(spec):
    sizes = [len(batch) for (batch,) in replace(spec, repeat=1).build(np.arange(100))]
    assert spec.batches().count == len(sizes)
    assert spec.batches().last == sizes[-1]
    assert int(spec.build(np.arange(100)).cardinality()) == len(sizes) * spec.repeat


@given(specs)
@settings(max_examples=40, deadline=None)
def test_stream_order_is_the_order_that_batches_arrive_in(spec):
    order = stream_order(spec)
    assert (np.sort(order.reshape(spec.repeat, -1), axis=1) == np.arange(spec.examples)).all()
    arrived = [batch.numpy() for (batch,) in spec.build(np.arange(spec.examples) * 10)]
    kept = sum(map(len, arrived)) // spec.repeat
    expected = order.reshape(spec.repeat, -1)[:, :kept].ravel()
    assert np.array_equal(np.concatenate(arrived) // 10, expected)


@given(specs)
@settings(max_examples=30, deadline=None)
def test_no_element_comes_earlier_than_the_buffer_lets_it(spec):
    order = stream_order(replace(spec, repeat=1))
    assert (order - np.arange(spec.examples)).max() <= spec.buffer_size - 1


def test_order_is_reproducible_and_depends_on_the_seed():
    assert np.array_equal(stream_order(SMALL), stream_order(SMALL))
    assert not np.array_equal(stream_order(SMALL), stream_order(replace(SMALL, seed=5)))


def test_buffer_of_one_does_not_shuffle():
    assert np.array_equal(stream_order(replace(SMALL, buffer_size=1)), np.arange(70))


def test_each_pass_has_its_own_order():
    first, second = stream_order(replace(SMALL, repeat=2)).reshape(2, -1)
    assert np.array_equal(first, stream_order(SMALL))
    assert not np.array_equal(first, second)


def test_seeds_beyond_the_limit_would_repeat_smaller_ones():
    with_seed = [list(tf.data.Dataset.range(50).shuffle(50, seed=seed).as_numpy_iterator()) for seed in (1, 2**31)]
    assert with_seed[0] == with_seed[1]
    assert replace(SMALL, seed=2**31 - 2).problem() is None
    assert replace(SMALL, seed=2**31 - 1).problem() is not None


@pytest.mark.parametrize("split", mnist.SPLITS)
def test_first_batches_hold_the_images_of_their_indexes(split):
    half, order = mnist.load()[split], stream_order(SMALL)
    batches = first_batches(replace(SMALL, take=5), split)
    assert [len(labels) for _, labels, _ in batches] == [32, 32, 6]
    for images, labels, indexes in batches:
        np.testing.assert_array_equal(images, half.images[indexes])
        np.testing.assert_array_equal(labels, half.labels[indexes])
    np.testing.assert_array_equal(np.concatenate([indexes for *_, indexes in batches]), order)


@given(st.permutations(range(30)), st.integers(1, 40))
@settings(max_examples=50, deadline=None)
def test_mixing_equals_its_definitions(order, buffer_size):
    order = np.array(order)
    measured = mixing(order, buffer_size)
    displacement = [abs(list(order).index(i) - i) for i in range(30)]
    assert np.isclose(measured.mean_displacement, np.mean(displacement))
    assert np.isclose(measured.within_buffer, np.mean([d < buffer_size for d in displacement]))
    assert np.isclose(measured.rank_correlation, stats.spearmanr(np.arange(30), order).statistic)


def test_full_displacement_is_the_mean_over_perfect_shuffles():
    generator = np.random.default_rng(0)
    means = [mixing(generator.permutation(40), 1).mean_displacement for _ in range(2000)]
    assert np.isclose(np.mean(means), mixing(np.arange(40), 1).full_displacement, rtol=0.02)


def test_a_small_buffer_mixes_badly_and_a_full_one_well():
    spec = PipelineSpec(examples=2000, seed=1)
    small = mixing(stream_order(replace(spec, buffer_size=20)), 20)
    full = mixing(stream_order(replace(spec, buffer_size=2000)), 2000)
    assert small.rank_correlation > 0.99
    assert small.within_buffer > 0.8
    assert small.mean_displacement < 40
    assert abs(full.rank_correlation) < 0.1
    assert np.isclose(full.mean_displacement, full.full_displacement, rtol=0.1)


def test_mixing_of_one_element_and_of_several_passes():
    assert mixing(np.array([0]), 1).rank_correlation == 1.0
    with pytest.raises(ValueError, match="one pass at a time"):
        mixing(stream_order(replace(SMALL, repeat=2)), 10)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"batch_size": 0}, "batch_size must be from 1 to 4,096, not 0."),
        ({"buffer_size": -2}, "buffer_size must be from 1 to 1,000,000, not -2."),
        ({"take": 101}, "take must be from 1 to 100, not 101."),
        ({"repeat": 11}, "repeat must be from 1 to 10, not 11."),
        ({"examples": 60_001}, "examples must be from 1 to 60,000, not 60,001."),
        ({"seed": -1}, "The seed must be from 0 to 2147483646, not -1."),
        (
            {"drop_remainder": True, "batch_size": 71},
            "With drop_remainder at least one batch must be full: it takes 71 examples, there are 70.",
        ),
    ],
)
def test_each_problem_has_its_sentence(changed, sentence):
    spec = replace(SMALL, **changed)
    assert spec.problem() == sentence
    for refused in (stream_order, lambda bad: bad.build(np.arange(60_001))):
        with pytest.raises(ValueError) as caught:
            refused(spec)
        assert str(caught.value) == sentence


def test_more_examples_than_there_are():
    with pytest.raises(ValueError, match=r"There are 10,000 examples to take from, not 10,001\."):
        first_batches(PipelineSpec(examples=10_001), "test")
