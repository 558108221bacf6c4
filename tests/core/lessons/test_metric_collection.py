"""What is shown of a metric is what Keras' objects hold after each batch."""

from pathlib import Path

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.lessons import metric_collection
from core.network.presets import Blocks
from core.runs import folders
from core.training import loop
from core.training.loop import Listener
from core.training.spec import TrainingSpec

ROOT = Path(__file__).resolve().parents[3]
SPEC = TrainingSpec(
    network=Blocks(filters=(4,), convolutions=1, dense_units=8).network(),
    examples=300,
    validation=100,
    epochs=3,
    batch_size=64,
)


class Kept(Listener):
    """Rows as a run records them."""

    def __init__(self, spec):
        self.spec, self.rows, self.epochs = spec, [], []

    def batch(self, epoch, batch, loss, accuracy):
        seen = epoch * self.spec.examples + min((batch + 1) * self.spec.batch_size, self.spec.examples)
        self.rows.append((epoch, batch, seen, loss, accuracy, 0.0))

    def epoch(self, epoch, measured):
        self.epochs.append(measured)


@pytest.fixture(scope="module")
def heard():
    kept = Kept(SPEC)
    loop.train(SPEC, kept)
    return np.array(kept.rows), kept.epochs


def made(epochs, batches, last):
    """Rows of batches of ten images, `last` images in an epoch's last."""
    size = (batches - 1) * 10 + last
    random = np.random.default_rng(epochs * batches)
    return np.array(
        [
            (epoch, batch, epoch * size + min((batch + 1) * 10, size), *random.random(2), 0.0)
            for epoch in range(epochs)
            for batch in range(batches)
        ]
    )


@given(st.integers(1, 3), st.integers(1, 6), st.integers(1, 10), st.sampled_from(["loss", "accuracy"]), st.booleans())
def test_a_mean_metric_holds_these_numbers_after_each_batch(epochs, batches, last, measure, reset):
    rows = made(epochs, batches, last)
    collected = metric_collection.collect(rows, measure, reset)
    metric = keras.metrics.Mean()
    for i, (_, batch, _, loss, accuracy, _) in enumerate(rows):
        if reset and batch == 0:
            metric.reset_state()
        alone = loss if measure == "loss" else accuracy
        metric.update_state(alone, sample_weight=collected.images[i])
        assert collected.alone[i] == alone
        assert collected.total[i] == pytest.approx(float(metric.total), rel=1e-4)
        assert collected.count[i] == pytest.approx(float(metric.count))
        assert collected.result[i] == pytest.approx(float(metric.result()), rel=1e-4)


def test_an_accuracy_metric_that_counts_images_says_the_same():
    """SparseCategoricalAccuracy, fed with labels and answers batch by batch, the last batch smaller."""
    random = np.random.default_rng(0)
    labels, answers = random.integers(0, 10, 44), random.random((44, 10)).astype(np.float32)
    answers[np.arange(0, 44, 2), labels[::2]] = 2.0  # every other one is right
    metric = keras.metrics.SparseCategoricalAccuracy()
    rows, results = [], []
    for epoch in range(2):
        metric.reset_state()
        for batch, start in enumerate(range(0, 44, 10)):
            here = slice(start, start + 10)
            metric.update_state(labels[here], answers[here])
            results.append((float(metric.total), float(metric.count), float(metric.result())))
            right = (answers[here].argmax(axis=-1) == labels[here]).mean()
            rows.append((epoch, batch, epoch * 44 + min(start + 10, 44), 0.0, right, 0.0))
    collected = metric_collection.collect(np.array(rows), "accuracy", True)
    np.testing.assert_allclose(np.stack([collected.total, collected.count, collected.result], axis=1), results, 1e-5)


@pytest.mark.parametrize("measure", ["loss", "accuracy"])
def test_with_reset_the_last_batch_of_an_epoch_has_what_fit_reports(heard, measure):
    rows, epochs = heard
    ends = np.flatnonzero(rows[:, 1] == SPEC.batches - 1)
    reset = metric_collection.collect(rows, measure, True).result[ends]
    np.testing.assert_allclose(reset, [line[measure] for line in epochs], rtol=1e-5)
    never = metric_collection.collect(rows, measure, False).result[ends]
    # each epoch has as many images, so that without reset the mean of all epochs so far is left
    np.testing.assert_allclose(never, np.cumsum(reset) / np.arange(1, SPEC.epochs + 1), rtol=1e-6)
    assert never[-1] != pytest.approx(reset[-1], rel=1e-3)


@pytest.mark.usefixtures("own_runs")
@pytest.mark.parametrize("measure", ["loss", "accuracy"])
@pytest.mark.parametrize("reset", [True, False])
def test_the_code_shown_makes_these_numbers(heard, measure, reset, monkeypatch):
    monkeypatch.chdir(ROOT)
    rows, _ = heard
    run = folders.create(SPEC, "x")
    (run.folder / "batches.f64").write_bytes(rows.tobytes())
    namespace = {}
    exec(metric_collection.as_code(run.id, measure, reset), namespace)
    np.testing.assert_allclose(namespace["results"], metric_collection.collect(rows, measure, reset).result, rtol=1e-4)


@given(st.integers(1, 6), st.integers(1, 300), st.integers(2, 50))
def test_pictures_keep_the_ends_of_every_epoch(epochs, batches, most):
    rows = made(epochs, batches, 10)
    places = metric_collection.places(rows, most)
    assert (np.diff(places) > 0).all()
    assert len(places) <= most + 2 * epochs
    ends = {epoch * batches for epoch in range(epochs)} | {(epoch + 1) * batches - 1 for epoch in range(epochs)}
    assert ends <= set(places.tolist())


def test_a_run_without_batches_has_nothing_to_show():
    assert len(metric_collection.collect(np.empty((0, 6)), "loss", True).result) == 0
    assert len(metric_collection.places(np.empty((0, 6)))) == 0
