"""A training is checked before anything is built, and survives JSON."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.network.presets import Blocks
from core.training.presets import PRESETS
from core.training.spec import AUGMENTATIONS, ENGINES, LOSSES, METRICS, OPTIMIZERS, SCHEDULES, TrainingSpec

specs = st.builds(
    TrainingSpec,
    network=st.builds(Blocks, filters=st.lists(st.integers(1, 128), min_size=1, max_size=3).map(tuple)),
    optimizer=st.sampled_from(OPTIMIZERS),
    learning_rate=st.floats(1e-6, 10),
    schedule=st.sampled_from(SCHEDULES),
    momentum=st.floats(0, 0.99),
    loss=st.sampled_from(LOSSES),
    metrics=st.lists(st.sampled_from(METRICS), unique=True).map(tuple),
    epochs=st.integers(1, 50),
    batch_size=st.integers(1, 512),
    examples=st.integers(100, 50_000),
    validation=st.integers(100, 10_000),
    seed=st.integers(0, 9999),
    augmentation=st.sampled_from(AUGMENTATIONS),
    engine=st.sampled_from(ENGINES),
)


@given(specs)
def test_json_and_back(spec):
    assert spec.problem() is None
    assert TrainingSpec.from_dict(json.loads(json.dumps(spec.as_dict()))) == spec


@given(specs)
def test_batches_of_an_epoch_hold_every_image_once(spec):
    assert (spec.batches - 1) * spec.batch_size < spec.examples <= spec.batches * spec.batch_size


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"epochs": 0}, "epochs must be a whole number from 1 to 50, not 0"),
        ({"batch_size": True}, "batch_size must be a whole number"),
        ({"examples": 55_000, "validation": 6_000}, "at most 60,000, not 55,000 + 6,000"),
        ({"learning_rate": float("nan")}, "learning rate must be from 1e-06 to 10, not nan"),
        ({"momentum": 1.0}, "momentum must be from 0 to below 1"),
        ({"optimizer": "adamw"}, "optimizer must be one of sgd, rmsprop, adam, not 'adamw'"),
        ({"metrics": ("accuracy", "speed")}, "metrics must be from"),
        ({"network": Blocks(filters=(500,))}, "filters must be a whole number from 1 to 128, not 500"),
    ],
)
def test_what_cannot_be_trained_gets_one_sentence(changes, said):
    problem = replace(TrainingSpec(), **changes).problem()
    assert said in problem
    assert problem.count(". ") == 0


@pytest.mark.parametrize("values", [{}, {"network": {}}, {**TrainingSpec().as_dict(), "speed": 3}])
def test_damaged_settings_are_refused_in_words(values):
    with pytest.raises(ValueError, match="needs"):
        TrainingSpec.from_dict(values)


def test_settings_name_everything_that_can_differ():
    spec = TrainingSpec()
    other = replace(spec, optimizer="sgd", network=replace(spec.network, dense_units=64))
    differing = {name for name, value in other.settings().items() if spec.settings().get(name) != value}
    assert differing == {"optimizer", "momentum", "dense_units"}  # momentum is SGD's alone


@pytest.mark.parametrize("name", PRESETS)
def test_presets_can_be_trained(name):
    assert PRESETS[name].spec.problem() is None
    assert PRESETS[name].note.endswith(".")
