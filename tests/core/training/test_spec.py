"""A training is checked before anything is built, and survives JSON."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.layers.kernels import PRESETS as PRESETS_3X3
from core.layers.kernels import as_text
from core.layers.kinds import Conv2D, Dense, Flatten
from core.network.network import Network
from core.network.notation import parse
from core.network.presets import Blocks
from core.training.optimizers import OPTIMIZERS
from core.training.presets import PRESETS
from core.training.spec import AUGMENTATIONS, ENGINES, LOSSES, METRICS, SCHEDULES, TrainingSpec

OLD = {"filters": [4, 8], "convolutions": 1, "kernel_size": 5, "activation": "tanh", "dense_units": 16, "dropout": 0.1}
SIGMOID = parse("Flatten - Dense 10 sigmoid")
ENDING = (("flatten", Flatten()), ("dense", Dense(10, "softmax")))
specs = st.builds(
    TrainingSpec,
    network=st.builds(Blocks, filters=st.lists(st.integers(1, 128), min_size=1, max_size=3).map(tuple)).map(
        Blocks.network
    ),
    optimizer=st.sampled_from(tuple(OPTIMIZERS)),
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
        ({"examples": 55_000, "validation": 6_000}, r"at most 60,000, not 55,000 \+ 6,000"),
        ({"learning_rate": float("nan")}, "learning rate must be from 1e-06 to 10, not nan"),
        ({"momentum": 1.0}, "momentum must be from 0 to below 1"),
        ({"optimizer": "adamw"}, "optimizer must be one of sgd, rmsprop, adam, not 'adamw'"),
        ({"metrics": ("accuracy", "speed")}, "metrics must be from"),
        ({"network": parse("Conv2D 4 3 - Flatten - MaxPool2D")}, "max_pooling2d: MaxPool2D expects maps"),
        (
            {"network": parse("Flatten - Dense 9 softmax")},
            "must end in 10 values, one for each digit, and dense gives 9",
        ),
        (
            {"network": parse("Dense 10 softmax")},
            "must end in 10 values, one for each digit, and dense gives 28 × 28 × 10",
        ),
        (
            {"network": parse("Flatten - Dense 10")},
            "must end in softmax, .* and its last layer, dense, has no function",
        ),
        ({"network": parse("Flatten - Dense 10 relu")}, "and its last layer, dense, has relu"),
        ({"network": SIGMOID}, "must end in softmax, which .* has sigmoid"),
        (
            {"network": parse("Flatten - Dense 10 - ReLU"), "loss": "binary_crossentropy"},
            "must end in softmax or sigmoid",
        ),
        ({"network": parse(" - ".join(["Conv2D 9 3 same"] * 63 + ["Flatten"])), "batch_size": 512}, "must end in 10"),
        (
            {"network": parse(f"{'Conv2D 128 3 same - ' * 30}Flatten - Dense 10 softmax"), "batch_size": 300},
            "may take 4 GB of memory here, and one of this network with 300 images takes about 7",
        ),
        (
            {
                "network": parse(f"{'Conv2D 128 9 same - ' * 3}MaxPool2D 4 - Flatten - Dense 10 softmax"),
                "batch_size": 256,
            },
            "may take 60 seconds on two cores, and one of this network with 256 images takes about 64",
        ),
        (
            {"network": Network((("long", Conv2D(300, kernel=(as_text(PRESETS_3X3["blur"]),) * 300)), *ENDING))},
            "at most 8,000 characters",
        ),
    ],
)
def test_what_cannot_be_trained_gets_one_sentence(changes, said):
    problem = replace(TrainingSpec(), **changes).problem()
    assert re.search(said, problem), problem
    assert problem.count(". ") == 0


@pytest.mark.parametrize("values", [{}, {"network": {}}, {**TrainingSpec().as_dict(), "speed": 3}])
def test_damaged_settings_are_refused_in_words(values):
    with pytest.raises(ValueError, match="needs"):
        TrainingSpec.from_dict(values)


@pytest.mark.parametrize(
    ("network", "said"),
    [("Flatten - Dense ten", "“ten”"), ("Flatten", "must end in 10 values"), ("", "needs at least")],
)
def test_a_stored_network_that_is_none_is_a_sentence(network, said):
    with pytest.raises(ValueError, match=said):
        TrainingSpec.from_dict({**TrainingSpec().as_dict(), "network": network})


@given(specs)
def test_the_network_is_stored_as_its_text(spec):
    assert parse(spec.as_dict()["network"]) == spec.network


def test_runs_from_before_networks_had_a_text_are_read():
    stored = {**TrainingSpec().as_dict(), "network": OLD}
    assert TrainingSpec.from_dict(stored).network == Blocks((4, 8), 1, 5, "tanh", 16, 0.1).network()


def test_a_run_of_a_larger_machine_can_be_read_but_not_started_here():
    network = parse(f"{'Conv2D 128 3 same - ' * 30}Flatten - Dense 10 softmax")
    large = TrainingSpec(network=network, batch_size=300)
    assert TrainingSpec.from_dict(large.as_dict()) == large and large.problem()


@pytest.mark.parametrize(("loss", "function"), [(LOSSES[0], "softmax"), (LOSSES[2], "softmax"), (LOSSES[2], "sigmoid")])
@pytest.mark.parametrize("end", ["Dense 10 {}", "Dense 10 - Activation {}"])
def test_a_network_may_end_in_what_makes_probabilities(loss, function, end):
    network = parse(f"Flatten - {end.format(function)}")
    assert TrainingSpec(network=network, loss=loss).problem() is None


def test_why_sigmoid_cannot_stand_before_a_loss_of_one_digit_out_of_ten():
    """Keras looks behind the sigmoid and trains for what softmax would have made of the same numbers."""
    model = SIGMOID.build()
    images, labels = np.random.default_rng(0).random((5, 28, 28, 1)), np.arange(5)
    model.compile(loss="sparse_categorical_crossentropy")
    answers = model.predict_on_batch(images).astype(np.float64)
    logits = np.log(answers / (1 - answers))
    softmax = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert model.evaluate(images, labels, verbose=0) == pytest.approx(-np.log(softmax[labels, labels]).mean(), rel=1e-4)


def test_what_keras_makes_of_softmax_under_binary_crossentropy():
    """It looks behind the softmax and asks ten yes-or-no questions of the same numbers, as if sigmoid came next."""
    model = parse("Flatten - Dense 10 softmax").seeded(2).build()
    images, labels = np.random.default_rng(0).random((5, 28, 28, 1)), np.eye(10)[:5]
    kernel, bias = (array.astype(np.float64) for array in model.get_weights())
    sigmoid = 1 / (1 + np.exp(-(images.reshape(5, -1) @ kernel + bias)))
    model.compile(loss="binary_crossentropy")
    expected = -(labels * np.log(sigmoid) + (1 - labels) * np.log(1 - sigmoid)).mean()
    assert model.evaluate(images, labels, verbose=0) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("rate", ["0.00001", "0.003", "10"])
def test_a_rate_is_written_as_it_is_chosen(rate):
    spec = TrainingSpec(network=Blocks().network(), learning_rate=float(rate))
    assert spec.title().startswith(f"Adam {rate},") and spec.settings()["learning_rate"] == rate


def test_settings_name_everything_that_can_differ():
    spec = TrainingSpec()
    other = replace(spec, optimizer="sgd", network=Blocks(dense_units=64).network())
    differing = {name for name, value in other.settings().items() if spec.settings().get(name) != value}
    assert differing == {"optimizer", "momentum", "network"}  # momentum is SGD's alone
    assert spec.settings()["network"] == "Basic_CNN" and " - Dense 64 - " in other.settings()["network"]


@given(specs, st.integers(0, 9999))
def test_seeds_of_layers_make_no_other_training(spec, seed):
    other = replace(spec, network=spec.network.seeded(seed))
    assert other.seeded == spec.seeded and other.settings() == spec.settings()


@pytest.mark.parametrize("name", PRESETS)
def test_presets_can_be_trained(name):
    assert PRESETS[name].spec.problem() is None
    assert PRESETS[name].note.endswith(".")
