import json
import math
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from core.tensors.random_numbers import KINDS, RandomSpec, histogram

LARGE = {
    "tf.random.normal": RandomSpec("tf.random.normal", (20_000,), mean=3.0, stddev=0.5, seed=1),
    "tf.random.uniform": RandomSpec("tf.random.uniform", (20_000,), minval=-2.0, maxval=5.0, seed=1),
    "np.random.randn": RandomSpec("np.random.randn", (20_000,), seed=1),
}
ORACLES = {
    "tf.random.normal": stats.norm(3.0, 0.5),
    "tf.random.uniform": stats.uniform(-2.0, 7.0),
    "np.random.randn": stats.norm(),
}


def run(code):
    namespace = {}
    exec(code, namespace)
    return np.asarray(namespace["values"])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(), (9,), (3, 3), (2, 3, 4)])
@pytest.mark.parametrize("seed", [0, 7, 2**32 - 1])
def test_code_draws_the_numbers_that_are_shown(kind, shape, seed):
    spec = RandomSpec(kind, shape, mean=2.0, stddev=0.1, minval=-1.0, maxval=3.5, seed=seed)
    values = spec.draw()
    assert values.shape == shape
    np.testing.assert_array_equal(run(spec.as_code()), values)


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_repeats_whatever_others_draw_and_seed(kind):
    spec = RandomSpec(kind, (50,), seed=3)
    first = spec.draw()
    tf.random.normal((5,))
    np.random.randn(5)
    np.testing.assert_array_equal(spec.draw(), first)
    assert not np.array_equal(replace(spec, seed=4).draw(), first)


def test_drawing_leaves_the_seeds_of_the_process_alone():
    state = np.random.get_state()[1].copy()
    shuffled = tf.data.Dataset.range(50).shuffle(50, seed=1)  # follows the seed of the process
    before = list(shuffled.as_numpy_iterator())
    for kind in KINDS:
        RandomSpec(kind, (50,), seed=3).draw()
    np.testing.assert_array_equal(np.random.get_state()[1], state)
    assert list(tf.data.Dataset.range(50).shuffle(50, seed=1).as_numpy_iterator()) == before


@pytest.mark.parametrize("kind", KINDS)
def test_sessions_that_draw_at_once_do_not_disturb_each_other(kind):
    specs = [RandomSpec(kind, (200,), seed=seed % 4) for seed in range(32)]
    alone = [spec.draw() for spec in specs]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(RandomSpec.draw, specs))
    np.testing.assert_array_equal(together, alone)


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_seed_every_draw_differs(kind):
    spec = RandomSpec(kind, (50,), seed=None)
    assert kind in spec.as_code()
    assert not np.array_equal(spec.draw(), spec.draw())
    assert run(spec.as_code()).shape == (50,)


def test_randn_gives_the_numbers_of_np_random_seed():
    state = np.random.get_state()
    np.random.seed(11)
    expected = np.random.randn(3, 3)
    np.random.set_state(state)
    np.testing.assert_array_equal(RandomSpec("np.random.randn", (3, 3), seed=11).draw(), expected)


def test_the_plain_code_of_randn_draws_the_same_numbers():
    state = np.random.get_state()
    spec = RandomSpec("np.random.randn", (3, 4), seed=11)
    assert "np.random.seed(11)" in spec.as_plain_code() and "values = np.random.randn(3, 4)" in spec.as_plain_code()
    drawn = run(spec.as_plain_code())
    np.random.set_state(state)
    np.testing.assert_array_equal(drawn, spec.draw())


SEEDED = """
import json, sys
drawn = []
for code in json.loads(sys.argv[1]):
    for _ in range(2):
        namespace = {}
        exec(code.replace("print(values)", ""), namespace)
        drawn.append(namespace["values"].numpy().tolist())
print(json.dumps(drawn))
"""


def test_the_plain_code_of_tensorflow_repeats_and_follows_the_distribution():
    """In a process of its own: tf.random.set_seed holds for all of it, and there is no way back."""
    specs = [LARGE[kind] for kind in KINDS if kind.startswith("tf.")]
    codes = [spec.as_plain_code() for spec in specs]
    for spec, code in zip(specs, codes, strict=True):
        assert "tf.random.set_seed(1)" in code and f"values = {spec.kind}((20000,), " in code
    script = subprocess.run(
        [sys.executable, "-c", SEEDED, json.dumps(codes)], capture_output=True, text=True, check=True
    )
    drawn = [np.array(values) for values in json.loads(script.stdout)]
    for spec, first, again in zip(specs, drawn[::2], drawn[1::2], strict=True):
        np.testing.assert_array_equal(first, again)
        assert stats.kstest(first, ORACLES[spec.kind].cdf).pvalue > 0.001
        assert not np.array_equal(first.astype(np.float32), spec.draw())


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_seed_there_is_one_form_only(kind):
    spec = RandomSpec(kind, (2,), seed=None)
    assert spec.as_plain_code() == spec.as_code()


@pytest.mark.parametrize("kind", KINDS)
def test_draws_follow_the_distribution(kind):
    assert stats.kstest(LARGE[kind].draw(), ORACLES[kind].cdf).pvalue > 0.001


@pytest.mark.parametrize("kind", KINDS)
def test_density_is_scipys(kind):
    x = np.linspace(-6, 6, 999)
    np.testing.assert_allclose(LARGE[kind].density(x), ORACLES[kind].pdf(x), atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_histogram_approaches_the_density(kind):
    shown = histogram(LARGE[kind].draw(), 20)
    middles = (shown.edges[:-1] + shown.edges[1:]) / 2
    assert np.abs(shown.density - LARGE[kind].density(middles)).max() < 0.06 * shown.density.max()


@given(st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=50), st.integers(1, 30))
@settings(deadline=None)
def test_histogram_counts_every_value_once(values, bins):
    shown = histogram(np.array(values, np.float32), bins)
    assert shown.counts.sum() == len(values)
    assert len(shown.counts) == bins == len(shown.edges) - 1
    assert math.isclose((shown.density * np.diff(shown.edges)).sum(), 1)


def test_histogram_needs_a_bin():
    with pytest.raises(ValueError, match=r"at least 1 bin, not 0\."):
        histogram(np.zeros(3), 0)


@pytest.mark.parametrize("kind", KINDS)
def test_draws_cannot_be_changed(kind):
    assert not RandomSpec(kind, (2,)).draw().flags.writeable


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"kind": "tf.random.gamma"},
            "The function must be one of tf.random.normal, tf.random.uniform, np.random.randn, not 'tf.random.gamma'.",
        ),
        ({"shape": (1,) * 9}, "The shape may have 8 axes at most, this one has 9."),
        ({"shape": (3, 0)}, "Every axis of the shape needs a length of 1 or more, the shape is (3, 0)."),
        ({"shape": (1001, 1000)}, "At most 1,000,000 numbers are drawn here, this shape holds 1,001,000."),
        ({"seed": -1}, "The seed must be from 0 to 4294967295, not -1."),
        ({"stddev": 0.0}, "stddev must be larger than 0, not 0.0."),
        ({"stddev": math.nan}, "stddev must be from -1,000,000 to 1,000,000, not nan."),
        ({"mean": math.inf}, "mean must be from -1,000,000 to 1,000,000, not inf."),
        (
            {"kind": "tf.random.uniform", "minval": 1.0},
            "minval must be smaller than maxval, they are 1.0 and 1.0.",
        ),
        (
            {"kind": "tf.random.uniform", "minval": 1.0, "maxval": 1.0 + 1e-9},
            "minval must be smaller than maxval, they are 1.0 and 1.000000001.",
        ),
    ],
)
def test_each_problem_has_its_sentence(changed, sentence):
    spec = RandomSpec(**changed)
    assert spec.problem() == sentence
    with pytest.raises(ValueError) as caught:
        spec.draw()
    assert str(caught.value) == sentence


def test_parameters_of_another_function_do_no_harm():
    assert RandomSpec("np.random.randn", stddev=-1.0, minval=5.0).problem() is None
    assert RandomSpec("tf.random.normal", minval=5.0).problem() is None
