"""The faster policy by measurement; a named one is taken as it is."""

import json

import pytest
import tensorflow as tf

from core.network.presets import Blocks
from core.training import precision
from core.training.spec import TrainingSpec

SPEC = TrainingSpec(network=Blocks(filters=(2,), convolutions=1, dense_units=4).network())


@pytest.mark.parametrize("policy", precision.POLICIES)
def test_a_named_policy_is_not_measured(policy, monkeypatch):
    monkeypatch.setattr(precision, "measure", lambda spec: pytest.fail("measured"))
    assert precision.choose(TrainingSpec(precision=policy)) == policy


@pytest.mark.parametrize(
    ("seconds", "chosen"),
    [
        ({"float32": [0.05], "mixed_bfloat16": [0.6]}, "float32"),
        ({"float32": [0.05] * 3, "mixed_bfloat16": [0.02] * 3}, "mixed_bfloat16"),
        ({"float32": [0.05] * 3, "mixed_bfloat16": [0.06, 0.01, 0.07]}, "float32"),
        ({"float32": [0.05]}, "float32"),
    ],
)
def test_auto_takes_the_faster_one_and_measures_once_for_a_kind_of_network(seconds, chosen, monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(precision, "hopeless", lambda policy: False)
    monkeypatch.setattr(precision, "measure", lambda spec: asked.append(spec) or seconds)
    memory = tmp_path / "precision.json"
    for spec in (SPEC, SPEC, TrainingSpec(network=SPEC.network, optimizer="sgd", epochs=7)):
        assert precision.choose(spec, memory) == chosen
    assert len(asked) == 1
    precision.choose(TrainingSpec(), memory)
    assert len(asked) == 2
    # half a file, none of ours, and what an earlier version kept there
    for held in ("{half", "[]", json.dumps({precision._key(SPEC): seconds})):
        memory.write_text(held)
        assert precision.choose(SPEC, memory) == chosen
        assert json.loads(memory.read_text())[precision._key(SPEC)] == chosen


@pytest.mark.parametrize("name", ["ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA", "TF_ENABLE_ONEDNN_OPTS"])
def test_what_was_measured_with_fewer_instructions_counts_for_those_only(name, monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(precision, "hopeless", lambda policy: False)
    monkeypatch.setattr(precision, "measure", lambda spec: asked.append(spec) or {"float32": [0.1]})
    memory = tmp_path / "precision.json"
    monkeypatch.delenv(name, raising=False)
    precision.choose(SPEC, memory)
    monkeypatch.setenv(name, "AVX2")
    for times in (2, 2):
        precision.choose(SPEC, memory)
        assert len(asked) == times
    monkeypatch.delenv(name)
    precision.choose(SPEC, memory)
    assert len(asked) == 2


def test_both_policies_are_really_tried(monkeypatch):
    tried, steps = [], precision._steps
    monkeypatch.setattr(precision, "_steps", lambda spec, policy: tried.append(policy) or steps(spec, policy))
    seconds = precision.measure(SPEC)
    assert tuple(tried) == precision.POLICIES and "float32" in seconds
    assert all(taken and min(taken) > 0 for taken in seconds.values())


@pytest.mark.parametrize("step", range(1, 7))
@pytest.mark.parametrize("becomes", [0.5, 2.0])
@pytest.mark.parametrize("faster", precision.POLICIES)
def test_a_machine_whose_pace_changes_meanwhile_does_not_choose_the_slower_one(step, becomes, faster, monkeypatch):
    done = []

    def steps(spec, policy):
        while True:
            done.append(policy)
            yield (0.07 if policy == faster else 0.1) * (becomes if len(done) > step else 1)

    monkeypatch.setattr(precision, "hopeless", lambda policy: False)
    monkeypatch.setattr(precision, "_steps", steps)
    assert precision.choose(SPEC) == faster


def test_a_policy_that_the_machine_cannot_compute_is_left_out(monkeypatch):
    def refused(*asked):
        raise tf.errors.AbortedError(None, None, "could not create a primitive")
        yield

    def steps(spec, policy):
        return iter([0.1, 0.1, 0.1]) if policy == "float32" else refused()

    monkeypatch.setattr(precision, "_steps", steps)
    assert precision.measure(SPEC) == {"float32": [0.1]}
    monkeypatch.setattr(precision, "_steps", refused)
    with pytest.raises(tf.errors.AbortedError):  # not even float32: that is worth a message of its own
        precision.measure(SPEC)


def test_a_hopeless_policy_is_tried_once(monkeypatch):
    taken = {"float32": iter([0.1]), "mixed_bfloat16": iter([0.3])}
    monkeypatch.setattr(precision, "_steps", lambda spec, policy: taken[policy])
    assert precision.measure(SPEC) == {"float32": [0.1], "mixed_bfloat16": [0.3]}


def test_where_one_convolution_says_enough_no_network_is_built(monkeypatch):
    monkeypatch.setattr(precision, "_convolution", {"float32": 0.01, "bfloat16": 0.03}.__getitem__)
    monkeypatch.setattr(precision, "measure", lambda spec: pytest.fail("measured"))
    assert precision.choose(SPEC) == "float32"


def test_a_convolution_that_cannot_be_computed_is_hopeless(monkeypatch):
    def refused(dtype):
        if dtype == "float32":
            return 0.01
        raise tf.errors.AbortedError(None, None, "could not create a primitive")

    monkeypatch.setattr(precision, "_convolution", refused)
    assert precision.hopeless("mixed_bfloat16")
    assert not precision.hopeless("float32")


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_a_convolution_is_really_timed(dtype, monkeypatch):
    computed, conv2d = [], tf.nn.conv2d
    monkeypatch.setattr(tf.nn, "conv2d", lambda maps, *more: computed.append(maps.dtype.name) or conv2d(maps, *more))
    try:
        taken = precision._convolution(dtype)
    except tf.errors.OpError:  # kept from instructions that the processor has (ONEDNN_MAX_CPU_ISA) oneDNN refuses it
        assert dtype == "bfloat16" and precision.hopeless("mixed_bfloat16")
        return
    assert taken > 0
    assert set(computed) == {dtype} and len(computed) > 1
