"""Run folders: complete or not there, readable after a kill at any moment, never running for ever."""

import json

import numpy as np
import pytest

from core.network.presets import Blocks
from core.runs import folders
from core.runs.folders import RunError
from core.storage import files
from core.storage.locks import FileLock
from core.training.spec import TrainingSpec

SPEC = TrainingSpec(network=Blocks(filters=(2,), convolutions=1, dense_units=4).network())

pytestmark = pytest.mark.usefixtures("own_runs")


def test_a_new_run_is_listed_queued_and_holds_what_was_asked():
    run = folders.create(SPEC, "  mine ")
    assert (run.spec, run.name, run.state.status) == (SPEC, "mine", "queued")
    assert folders.listed() == [run] == folders.queue()
    assert folders.find(run.id) == run
    assert folders.create(SPEC, "").name == SPEC.title()


def test_no_two_runs_have_the_same_name():
    """Pages offer them by name, and browsers say by it which one was chosen."""
    names = [folders.create(SPEC, name).name for name in ("a", "a", " a", "a (2)")]
    assert names == ["a", "a (2)", "a (3)", "a (2) (2)"]
    long = "n" * folders.LONGEST_NAME
    first, second = folders.create(SPEC, long), folders.create(SPEC, long)
    assert first.name == long and second.name == f"{long[:-4]} (2)" and second.readable


def test_the_queue_keeps_the_order_of_asking():
    first, second = folders.create(SPEC, "a"), folders.create(SPEC, "b")
    assert folders.queue() == [first, second]
    first.put_state(queued=second.state.queued + 1)
    assert folders.queue() == [second, first]


@pytest.mark.parametrize("run_id", ["../etc", "", "20260101-000000-zzzzz", "20260101-000000-abcde"])
def test_no_other_folder_is_ever_a_run(run_id):
    assert folders.find(run_id) is None


def test_an_impossible_run_and_too_many_are_refused(monkeypatch):
    with pytest.raises(RunError, match="epochs must be"):
        folders.create(TrainingSpec(epochs=99), "x")
    monkeypatch.setattr(folders, "MOST_RUNS", 1)
    folders.create(SPEC, "x")
    with pytest.raises(RunError, match="At most 1 runs"):
        folders.create(SPEC, "y")


@pytest.mark.parametrize("status", folders.LIVE)
def test_a_run_whose_process_is_gone_is_interrupted(status):
    run = folders.create(SPEC, "x")
    run.put_state(status=status, epoch=1)
    assert run.state.status == "interrupted"
    assert "without a word" in run.state.message
    assert run.state.epoch == 1
    lock = FileLock(run.folder / "lock")
    assert lock.acquire()
    assert run.state.status == status
    lock.release()
    assert run.state.status == "interrupted"


@pytest.mark.parametrize("status", ["queued", *folders.ENDED])
def test_other_states_are_believed(status):
    run = folders.create(SPEC, "x")
    run.put_state(status=status)
    assert run.state.status == status


def test_half_written_last_rows_are_left_out():
    run = folders.create(SPEC, "x")
    assert run.batches().shape == (0, 6) and run.epochs() == []
    rows = np.array([[0, 0, 128, 2.3, 0.1, 0.5], [0, 1, 256, 2.2, 0.2, 1.0]])
    (run.folder / "batches.f64").write_bytes(rows.tobytes() + b"12345")
    np.testing.assert_array_equal(run.batches(), rows)
    line = {"epoch": 1, "seconds": 1.0, **dict.fromkeys(SPEC.measures, 0.5)}
    (run.folder / "epochs.jsonl").write_text(json.dumps(line) + '\n{"epoch": 2, "lo')
    assert run.epochs() == [line]
    assert run.read_batches()[1] == run.read_epochs()[1] == ""


def test_weights_of_epochs_and_the_newest():
    run = folders.create(SPEC, "x")
    with pytest.raises(RunError, match="no weights yet"):
        run.weights()
    models = [SPEC.network.seeded(seed).build().get_weights() for seed in (0, 1, 2)]
    for epoch in (0, 1):
        files.write_arrays(run.folder / "weights" / f"{epoch:04d}.npz", models[epoch])
    assert run.saved_epochs() == [0, 1]
    files.write_arrays(run.folder / "latest.npz", models[2])
    for found, expected in ((run.weights(0), models[0]), (run.weights(1), models[1]), (run.weights(), models[2])):
        for left, right in zip(found, expected, strict=True):
            np.testing.assert_array_equal(left, right)
    built = run.model(1)
    np.testing.assert_array_equal(built.get_weights()[0], models[1][0])


def test_more_than_ten_arrays_keep_their_order(tmp_path):
    arrays = [np.array([i]) for i in range(25)]
    files.write_arrays(tmp_path / "many.npz", arrays, extra=np.array(7))
    assert [int(array[0]) for array in files.read_arrays(tmp_path / "many.npz")] == list(range(25))


def test_a_removed_run_leaves_nothing(own_runs):
    run = folders.create(SPEC, "x")
    folders.remove(run)
    folders.remove(run)
    assert folders.listed() == [] and list(own_runs.iterdir()) == []
    with pytest.raises(RunError, match="was deleted"):
        _ = run.name
