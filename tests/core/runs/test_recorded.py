"""Recorded runs: every preset has one, they are small and sound, everybody may use them and nobody change them."""

import numpy as np
import pytest

from core.data import mnist
from core.network import saved
from core.runs import folders, queue, recorded
from core.runs import run as runs
from core.runs.damage import damages
from core.runs.folders import RunError
from core.storage import disk
from core.training import data
from core.training.presets import PRESETS, SMALL
from tests.core.runs.sample_runs import SPEC, trained

MOST_BYTES = 8 * 2**20
# rounded weights answer as the whole ones did, but for some images in a hundred
NEAR = 0.02


@pytest.fixture
def own_recorded(own_runs, monkeypatch):
    """A folder of recorded runs with one in it, and the run that it was made of."""
    folder = own_runs / "recorded"
    folder.mkdir()
    original = trained("Recorded: mine")
    weights = original.weights(2)
    recorded.put(original, folder)
    queue.delete(original)
    monkeypatch.setattr(runs, "RECORDED", folder)
    runs.recorded_ids.cache_clear()
    yield runs.Run(original.id), weights
    runs.recorded_ids.cache_clear()


def test_a_recorded_run_is_found_and_offered_but_is_none_of_this_machine(own_recorded):
    run, weights = own_recorded
    assert run.recorded and folders.find(run.id) == run and folders.recorded() == [run] == folders.usable()
    assert folders.listed() == [] == folders.queue()
    assert run.state.status == "finished" and run.learned and run.saved_epochs() == [0, 2] and damages(run) == []
    assert len(run.batches()) == SPEC.epochs * SPEC.batches and len(run.epochs()) == 2
    assert all(np.allclose(found, kept, atol=1e-3) for found, kept in zip(run.weights(2), weights, strict=True))


def test_its_start_weights_are_drawn_again_from_the_seed(own_recorded):
    run, _ = own_recorded
    drawn = SPEC.seeded.build().get_weights()
    assert run.draws(0) and not run.draws(2) and not run.draws(None)
    assert all(np.array_equal(found, kept) for found, kept in zip(run.weights(0), drawn, strict=True))


def test_it_can_be_taken_away_as_a_keras_file(own_recorded, tmp_path):
    run, _ = own_recorded
    path = tmp_path / "taken.keras"
    path.write_bytes(run.keras_file())
    found = saved.load(path).get_weights()
    assert all(np.array_equal(one, other) for one, other in zip(found, run.weights(), strict=True))


@pytest.mark.parametrize("order", [queue.pause, queue.resume, queue.stop, queue.delete])
def test_nobody_may_change_or_delete_it(own_recorded, order):
    run, _ = own_recorded
    before = {path: path.read_bytes() for path in run.folder.rglob("*") if path.is_file()}
    with pytest.raises(RunError, match="comes with Layer Lab"):
        order(run)
    assert not run.put_state(status="failed")
    assert {path: path.read_bytes() for path in run.folder.rglob("*") if path.is_file()} == before


def test_a_new_recording_takes_the_place_of_the_old_one(own_recorded, own_runs):
    assert own_recorded
    other = trained("Recorded: other")
    new = trained("Recorded: mine")
    for run in (other, new):
        recorded.put(run, own_runs / "recorded")
    assert {path.name for path in (own_runs / "recorded").iterdir()} == {other.id, new.id}


# what is shipped


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_has_a_sound_recording_of_just_these_settings(name):
    run = recorded.of_preset(name)
    assert run and run.spec == PRESETS[name].spec and damages(run) == []
    rows, epochs, at = run.batches(), run.epochs(), run.state
    assert len(rows) and (np.diff(rows[:, 5]) >= 0).all() and at.pid == 0
    if at.status == "diverged":
        assert "NaN" in at.message or "infinite" in at.message
        assert rows[-1, 3] > 1000 * rows[0, 3] and run.saved_epochs() == [0] and not run.learned
    else:
        assert at.status == "finished" and len(epochs) == run.spec.epochs
        assert run.saved_epochs() == [0, run.spec.epochs] and run.learned


def test_the_preset_that_promises_a_guess_for_good_ended_there():
    run = recorded.of_preset("Steps too large")
    losses = run.batches()[:70, 3]
    assert losses.max() > 1000  # it jumps
    assert losses[-10:].mean() == pytest.approx(-np.log(0.1), abs=0.2)
    # a layer is dead: whatever the image, the answer is the same
    answers = saved.predict(run.model(), mnist.half("test").images[:200])
    np.testing.assert_allclose(answers, np.broadcast_to(answers[:1], answers.shape), rtol=1e-5)


def test_all_of_them_together_are_small():
    assert sum(disk.size(run.folder) for run in folders.recorded()) <= MOST_BYTES
    assert len(folders.recorded()) == len(PRESETS)


@pytest.mark.parametrize("name", ["A good start", SMALL])
def test_rounded_weights_answer_as_the_training_measured(name):
    run = recorded.of_preset(name)
    images, labels = data.validation_images(run.spec)
    found = saved.predict(run.model(), images[-500:]).argmax(axis=1) == labels[-500:]
    assert abs(found.mean() - run.epochs()[-1]["val_accuracy"]) <= NEAR
