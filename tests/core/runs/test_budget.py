"""What a run may take: bytes on the disk, and memory while it is paused."""

from dataclasses import replace

import numpy as np
import pytest

from core.runs import budget, folders, queue, recorder
from core.runs.damage import damages
from core.runs.folders import RunError
from core.runs.writer import Writer
from core.training.devices import Devices
from core.training.loop import Checkpoint
from tests.core.runs.sample_runs import SPEC, trained
from tests.core.runs.test_faults import until
from tests.core.runs.test_queue import LONG, QUICK, server, wait_for, wait_until_learning

__all__ = ["server"]

pytestmark = pytest.mark.usefixtures("own_runs")


@pytest.mark.parametrize("epochs", [1, 2, 3, 50])
@pytest.mark.parametrize("megabytes", [1, 2, 1000])
def test_a_run_keeps_as_many_epochs_as_it_may_write(monkeypatch, epochs, megabytes):
    monkeypatch.setenv("LAYER_LAB_RUN_MB", str(megabytes))
    spec = replace(QUICK, epochs=epochs)
    kept = budget.kept_epochs(spec)
    assert {0, epochs} <= kept <= set(range(epochs + 1))
    assert budget.needed_bytes(spec) <= budget.most_bytes() or len(kept) == 2
    if len(kept) < epochs + 1:
        gaps = np.diff(sorted(kept))
        assert gaps.max() - gaps.min() <= 1  # evenly spread
        weights = 4 * spec.network.parameter_count()
        assert budget.needed_bytes(spec) + weights > budget.most_bytes()  # one more would be too many


def test_a_run_is_about_as_large_as_was_said(server):
    run = queue.start(QUICK, "sized")
    wait_for(run, "finished")
    until(lambda: not run.alive)
    assert run.size() == pytest.approx(budget.needed_bytes(QUICK), rel=0.35)


def test_a_network_that_is_too_large_for_a_run_is_refused(monkeypatch):
    monkeypatch.setenv("LAYER_LAB_RUN_MB", "0")
    with pytest.raises(RunError, match="A run may write 0 MB here"):
        queue.start(QUICK)
    assert folders.listed() == []


def test_a_disk_without_room_refuses_before_anything_is_written(monkeypatch):
    monkeypatch.setattr(budget, "free_bytes", lambda: budget.SPARE_BYTES + 1000)
    with pytest.raises(RunError, match="0 MB are left for it"):
        queue.start(QUICK)
    assert folders.listed() == []


def listening(spec):
    run = folders.create(spec, "x")
    writer = Writer(run)
    assert writer.acquire(0)
    made = recorder.Recorder(writer)
    weights = spec.seeded.build().get_weights()
    learner = type("Learner", (), {})()
    learner.weights = lambda: weights
    learner.checkpoint = lambda done: Checkpoint(done, weights, [])
    learner.devices = Devices(1)
    made.started(learner)
    return made


def test_epochs_beyond_the_budget_are_thinned_and_the_last_is_always_there(monkeypatch):
    monkeypatch.setattr(budget, "kept_epochs", lambda spec: {0, 3, 6})
    made = listening(replace(SPEC, epochs=6))
    seen = []
    for epoch in range(6):
        for batch in range(made.spec.batches):
            made.batch(epoch, batch, 0.5, 0.5)
        made.epoch(epoch, dict.fromkeys(made.spec.measures, 0.5))
        seen.append(made.run.saved_epochs())
    assert seen == [[0, 1], [0, 2], [0, 3], [0, 3, 4], [0, 3, 5], [0, 3, 6]]
    assert damages(made.run) == [] and len(made.run.epochs()) == 6
    made.writer.release()


def test_a_run_stops_in_time_where_another_epoch_has_no_room(monkeypatch):
    made = listening(replace(SPEC, epochs=3))
    monkeypatch.setattr(budget, "free_bytes", lambda: 1000)
    monkeypatch.setattr(recorder, "train", lambda *args: made.epoch(0, dict.fromkeys(made.spec.measures, 0.5)))
    monkeypatch.setattr(made, "_go_back_to", lambda epochs: None)
    monkeypatch.setattr(recorder.precision, "choose", lambda *args: "float32")
    checks = iter([None])
    whole = made._check_room
    monkeypatch.setattr(made, "_check_room", lambda: next(checks, 0) is None or whole())
    # it would end this process once the test's folder is gone
    monkeypatch.setattr(made, "_watch", lambda: None)
    made.learning = True
    assert made.work() == "stopped"
    said = made.run.said()
    assert "Stopped after epoch 1" in said.message and "disk" in said.message
    assert made.run.final.exists() and damages(made.run) == []
    made.writer.release()


# paused runs


def test_only_the_runs_that_were_paused_last_stay_in_memory(server, monkeypatch):
    monkeypatch.setattr(recorder, "MOST_PAUSED", 2)
    runs = []
    for name in ("first", "second", "third"):
        run = queue.start(LONG, name)
        wait_until_learning(run)
        queue.pause(run)
        wait_for(run, "paused")
        runs.append(run)
    first, second, third = runs
    until(lambda: first.state.status == "stopped")
    assert "paused last stay in memory" in first.state.message and first.final.exists()
    until(lambda: not first.alive)
    assert (second.state.status, third.state.status) == ("paused", "paused")
    queue.resume(third)
    wait_for(third, "running")
    assert second.state.status == "paused"


def test_who_was_paused_later_is_known():
    runs = [trained(str(number), status="paused", updated=float(number)) for number in range(3)]
    assert folders.paused_after(runs[0]) == []  # no process holds any of them
    writers = [Writer(run) for run in runs]
    assert all(writer.acquire(0) for writer in writers)
    assert set(folders.paused_after(runs[0])) == {*runs[1:]} and folders.paused_after(runs[2]) == []
    for writer in writers:
        writer.release()
