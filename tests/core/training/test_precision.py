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
    assert precision.choose(TrainingSpec(precision=policy)) == (policy, {})


@pytest.mark.parametrize(
    ("seconds", "chosen"),
    [
        ({"float32": 0.05, "mixed_bfloat16": 0.6}, "float32"),
        ({"float32": 0.05, "mixed_bfloat16": 0.02}, "mixed_bfloat16"),
    ],
)
def test_auto_takes_the_faster_one_and_measures_once_for_a_kind_of_network(seconds, chosen, monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(precision, "measure", lambda spec: asked.append(spec) or seconds)
    memory = tmp_path / "precision.json"
    for spec in (SPEC, SPEC, TrainingSpec(network=SPEC.network, optimizer="sgd", epochs=7)):
        assert precision.choose(spec, memory) == (chosen, seconds)
    assert len(asked) == 1
    precision.choose(TrainingSpec(), memory)
    assert len(asked) == 2
    memory.write_text("{half")
    assert precision.choose(SPEC, memory) == (chosen, seconds)
    assert json.loads(memory.read_text())


@pytest.mark.parametrize("name", ["ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA", "TF_ENABLE_ONEDNN_OPTS"])
def test_what_was_measured_with_fewer_instructions_counts_for_those_only(name, monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(precision, "measure", lambda spec: asked.append(spec) or {"float32": 0.1})
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
    monkeypatch.setattr(
        precision, "_steps", lambda spec, policy, *data: tried.append(policy) or steps(spec, policy, *data)
    )
    seconds = precision.measure(SPEC)
    assert tuple(tried) == precision.POLICIES and "float32" in seconds
    assert all(taken > 0 for taken in seconds.values())


def test_a_policy_that_the_machine_cannot_compute_is_left_out(monkeypatch):
    def refused(*asked):
        raise tf.errors.AbortedError(None, None, "could not create a primitive")
        yield

    def steps(spec, policy, *data):
        return iter([0.1, 0.1, 0.1]) if policy == "float32" else refused()

    monkeypatch.setattr(precision, "_steps", steps)
    assert precision.measure(SPEC) == {"float32": 0.1}
    monkeypatch.setattr(precision, "_steps", refused)
    with pytest.raises(tf.errors.AbortedError):  # not even float32: that is worth a message of its own
        precision.measure(SPEC)


def test_a_hopeless_policy_is_tried_once(monkeypatch):
    taken = {"float32": iter([0.3, 0.1, 0.2]), "mixed_bfloat16": iter([0.5])}
    monkeypatch.setattr(precision, "_steps", lambda spec, policy, *arrays: taken[policy])
    assert precision.measure(SPEC) == {"float32": 0.1, "mixed_bfloat16": 0.5}
