"""What is said of curves is what they show: on curves of real trainings, and on made ones for each case.

curves.json holds loss and accuracy of every batch and all epochs of runs of these settings, as they were trained once
(oneDNN, bfloat16), so that what is tested does not hang on the machine that tests.
"""

import json
import math
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.runs import diagnosis
from core.runs.diagnosis import KINDS, diagnose
from core.training.presets import PRESETS
from core.training.spec import LOSSES, TrainingSpec

CURVES = json.loads((Path(__file__).parent / "curves.json").read_text())
SPECS = {name: preset.spec for name, preset in PRESETS.items()} | {
    "One epoch": replace(TrainingSpec(), epochs=1),
    "Adam 0.01": replace(TrainingSpec(), learning_rate=0.01, schedule="constant", examples=5000),
    "SGD 0.1": replace(
        TrainingSpec(), optimizer="sgd", learning_rate=0.1, schedule="constant", examples=5000, epochs=2
    ),
}
EXPECTED = {
    "A good start": "fine",
    "Two quick epochs": "falling",
    "Steps too large": "guessing",
    "Blown up": "nan",
    "Steps too small": "slow",
    "Learning by heart": "overfitting",
    "Sigmoid inside": "slow",
    "One epoch": "fine",
    "Adam 0.01": "low",
    "SGD 0.1": "guessing",
}


def rows(loss, accuracy):
    """As `Run.batches` gives them; only loss and accuracy are looked at."""
    made = np.zeros((len(loss), 6))
    made[:, 3], made[:, 4] = loss, accuracy
    return made


def real(name, steps=None):
    """A real run: its spec, its first `steps` batches, and the epochs that had ended by then."""
    spec, curve = SPECS[name], CURVES[name]
    done = rows(curve["loss"], curve["accuracy"])[:steps]
    return spec, done, [line for line in curve["epochs"] if line["epoch"] * spec.batches <= len(done)]


def epoch(number, loss, accuracy, val_loss, val_accuracy):
    return {"epoch": number, "loss": loss, "accuracy": accuracy, "val_loss": val_loss, "val_accuracy": val_accuracy}


def made(epochs, spec=None):
    """What is said at the end of a run that learned well by its batches, and measured these epochs."""
    spec = replace(spec or TrainingSpec(), epochs=len(epochs))
    count = spec.epochs * spec.batches
    return diagnose(spec, rows(np.linspace(2, 0.1, count), np.linspace(0.3, 0.95, count)), epochs, "finished")


@pytest.mark.parametrize("name", EXPECTED)
def test_the_end_of_a_real_run(name):
    found = diagnose(*real(name), CURVES[name]["status"])
    assert found.kind == EXPECTED[name]


def test_every_kind_is_among_the_real_runs():
    assert set(EXPECTED.values()) == set(KINDS)


@pytest.mark.parametrize("name", [name for name in EXPECTED if EXPECTED[name] in ("fine", "falling", "overfitting")])
def test_nothing_bad_is_said_of_a_run_that_learns_while_it_grows(name):
    said = {found.kind for steps in range(1, len(CURVES[name]["loss"]) + 1) if (found := grown(name, steps))}
    assert not said & {"nan", "guessing", "slow"}


def grown(name, steps):
    return diagnose(*real(name, steps), "running")


@pytest.mark.parametrize("name", ["Steps too large", "SGD 0.1"])
def test_a_dead_network_is_dead_from_then_on_and_early(name):
    kinds = [found and found.kind for found in (grown(name, steps) for steps in range(1, 81))]
    first = kinds.index("guessing")
    assert first < 40 and set(kinds[:first]) == {None} and set(kinds[first:]) == {"guessing"}


def test_a_jump_is_named_with_its_height_and_its_step():
    spec, done, epochs = real("Steps too large")
    peak = int(done[:, 3].argmax())
    words = diagnose(spec, done, epochs, "finished").words
    assert (
        f"Guessing since step {peak + 1}:" in words and f"jumped to {done[peak, 3]:,.0f} at step {peak + 1}." in words
    )
    assert f"Try a learning rate ten times smaller: {spec.learning_rate / 10:g}." in words


@given(st.integers(6, 60), st.integers(4, 60), st.sampled_from([32, 64, 128, 500]))
def test_the_step_since_which_it_guesses(learned, guessed, batch):
    size = -(-500 // batch)
    accuracy = [0.9] * (learned * size) + [0.1] * (guessed * size)
    spec = replace(TrainingSpec(), batch_size=batch)
    found = diagnose(spec, rows([2.0] * len(accuracy), accuracy), [], "running")
    assert found.kind == "guessing" and found.words.startswith(f"Guessing since step {learned * size + 1:,}: 10.0%")


@given(st.integers(0, 3))
def test_a_few_unlucky_batches_are_no_verdict(windows):
    accuracy = [0.9] * 40 + [0.1] * (4 * windows)
    assert diagnose(TrainingSpec(), rows([1.0] * len(accuracy), accuracy), [], "running") is None


def test_the_numbers_of_a_gap_are_those_of_the_last_epoch():
    spec, done, epochs = real("Learning by heart")
    words = diagnose(spec, done, epochs, "finished").words
    lowest = min(epochs, key=lambda line: line["val_loss"])
    assert (
        f"training accuracy is {epochs[-1]['accuracy']:.1%}, validation accuracy {epochs[-1]['val_accuracy']:.1%}"
        in (words)
    )
    assert (
        f"lowest after epoch {lowest['epoch']} ({lowest['val_loss']:.3g}) and is {epochs[-1]['val_loss']:.3g}" in words
    )


@given(st.integers(100, 10_000), st.floats(0.5, 0.99), st.floats(0, 0.2))
def test_a_gap_that_may_be_chance_is_none(validation, accuracy, gap):
    trained = min(1.0, accuracy + gap)
    last = [epoch(i, 0.3, trained, 0.3, accuracy) for i in (1, 2)]
    found = made(last, replace(TrainingSpec(), validation=validation))
    least = max(0.02, 3 * math.sqrt(accuracy * (1 - accuracy) / validation))
    if abs(trained - accuracy - least) > 1e-9:
        assert (found.kind == "overfitting") == (trained - accuracy > least)


def test_a_validation_loss_that_rises_is_a_gap_too():
    found = made([epoch(1, 0.2, 0.98, 0.05, 0.99), epoch(2, 0.01, 0.995, 0.08, 0.989)])
    assert found.kind == "overfitting" and "lowest after epoch 1 (0.05) and is 0.08 now" in found.words


@pytest.mark.parametrize(("last", "kind"), [(0.094, "falling"), (0.096, "fine"), (0.12, "fine")])
def test_still_falling_is_five_per_cent_in_an_epoch(last, kind):
    found = made([epoch(1, 0.3, 0.97, 0.1, 0.97), epoch(2, 0.1, 0.975, last, 0.98)])
    assert found.kind == kind
    assert ("train longer" in found.words) == (kind == "falling")


def test_one_epoch_is_judged_by_its_batches():
    spec = replace(TrainingSpec(), epochs=1)
    one = [epoch(1, 0.6, 0.8, 0.2, 0.93)]
    steep = rows(np.linspace(2, 0.2, spec.batches), [0.8] * spec.batches)
    level = rows(np.full(spec.batches, 0.4), [0.8] * spec.batches)
    assert diagnose(spec, steep, one, "finished").kind == "falling"
    assert diagnose(spec, level, one, "finished").kind == "fine"


def test_a_run_of_one_batch_and_a_run_without_any():
    assert diagnose(TrainingSpec(), rows([2.3], [0.1]), [], "running") is None
    assert diagnose(TrainingSpec(), rows([], []), [], "queued") is None
    assert diagnose(TrainingSpec(), rows([], []), [], "diverged").words.startswith(
        "The loss is no number since step 1;"
    )


@pytest.mark.parametrize("name", LOSSES)
def test_the_loss_of_a_guess_is_keras(name):
    label = 3 if name.startswith("sparse") else np.eye(10)[3]
    loss = getattr(keras.losses, name)(np.array([label]), np.full((1, 10), 0.1))
    assert diagnosis.blind_loss(name) == pytest.approx(float(np.mean(loss)), rel=1e-5)


numbers = st.floats(0, 1e30, width=64) | st.floats(0, 5)
shares = st.floats(0, 1)


@given(
    st.lists(st.tuples(numbers, shares), max_size=120),
    st.lists(st.tuples(numbers, shares, numbers, shares), max_size=6),
    st.sampled_from(["running", "paused", "finished", "stopped", "diverged"]),
    st.sampled_from([1, 16, 128, 512]),
)
def test_any_curve_gets_words_or_nothing(batches, epochs, status, batch_size):
    spec = replace(TrainingSpec(), batch_size=batch_size, learning_rate=10.0)
    done = rows([loss for loss, _ in batches], [accuracy for _, accuracy in batches])
    found = diagnose(spec, done, [epoch(i, *values) for i, values in enumerate(epochs, 1)], status)
    assert found is None or (found.kind in KINDS and found.words.endswith("."))
    assert (found is not None and found.kind == "nan") == (status == "diverged")
