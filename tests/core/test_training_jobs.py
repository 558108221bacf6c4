"""Real trainings in real processes: watched, paused, stopped, killed, resumed, deleted."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest

from bench.servers import ROOT
from core import network, runs, training, training_jobs
from core.network import NetworkSpec
from core.runs import RunError
from core.training_spec import TrainingSpec

SMALL = NetworkSpec(filters=(4, 8), convolutions=1, dense_units=16)
QUICK = TrainingSpec(network=SMALL, examples=600, validation=100, epochs=2, batch_size=64, precision="float32")
LONG = TrainingSpec(network=SMALL, examples=50_000, validation=500, epochs=50, batch_size=32, precision="float32")
PATIENCE_S = 120


@pytest.fixture(autouse=True)
def server(own_runs):
    """A server of its own: an executor that knows only the runs of this test's folder."""
    training_jobs.executor.cache_clear()
    yield own_runs
    for run in runs.listed():
        training_jobs.delete(run)
    training_jobs.executor().shutdown(cancel_futures=True)
    training_jobs.executor.cache_clear()


def wait_for(run, *statuses):
    deadline = time.monotonic() + PATIENCE_S
    while (status := run.state.status) not in statuses:
        assert time.monotonic() < deadline, (status, run.state.message)
        assert status not in runs.ENDED, (status, run.state.message)
        time.sleep(0.02)
    return status


def wait_until_learning(run):
    wait_for(run, "running")
    deadline = time.monotonic() + PATIENCE_S
    while run.state.seen == 0:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def seconds(action, run, *statuses):
    start = time.monotonic()
    action(run)
    wait_for(run, *statuses)
    return time.monotonic() - start


def test_a_run_records_what_training_in_this_process_gives():
    run = training_jobs.start(QUICK, "recorded")
    wait_for(run, "finished")
    learner = training.train(QUICK)
    for stored, expected in zip(run.weights(2), learner.weights(), strict=True):
        np.testing.assert_allclose(stored, expected, rtol=1e-4, atol=1e-6)
    assert run.saved_epochs() == [0, 1, 2]
    np.testing.assert_array_equal(run.weights(0)[0], SMALL.build(0).get_weights()[0])
    rows = run.batches()
    assert len(rows) == 2 * QUICK.batches
    assert rows[-1][:3].tolist() == [1, QUICK.batches - 1, 1200]
    assert (np.diff(rows[:, 5]) > 0).all()
    assert [line["epoch"] for line in run.epochs()] == [1, 2]
    final = network.load(run.final)
    np.testing.assert_array_equal(final.get_weights()[0], run.weights(2)[0])
    assert getattr(final, "optimizer", None) is None
    assert {path.name for path in run.folder.iterdir() if path.name.startswith(".")} == set()
    with pytest.raises(RunError, match="finished"):
        training_jobs.resume(run)
    with pytest.raises(RunError, match="finished"):
        training_jobs.stop(run)
    with pytest.raises(RunError, match="finished"):
        training_jobs.pause(run)


def test_pause_lets_the_next_run_work_and_stop_keeps_what_was_learned():
    long, quick = training_jobs.start(LONG, "long"), training_jobs.start(QUICK, "quick")
    wait_until_learning(long)
    assert quick.state.status == "queued" and runs.queue() == [quick]
    training_jobs.pause(long)
    wait_for(long, "paused")
    stood = long.batches()
    wait_for(quick, "finished")
    assert len(long.batches()) == len(stood)
    training_jobs.resume(long)
    wait_for(long, "running")
    wait_until_learning(long)
    training_jobs.stop(long)
    while long.state.status == "running":
        time.sleep(0.02)
    assert long.state.status == "stopped" and "kept" in long.state.message
    np.testing.assert_array_equal(network.load(long.final).get_weights()[0], long.weights()[0])


def test_a_killed_run_is_interrupted_and_goes_on_after_its_last_epoch():
    spec = TrainingSpec(**{**vars(QUICK), "epochs": 30, "examples": 2000})
    run = training_jobs.start(spec, "killed")
    wait_until_learning(run)
    while not run.epochs():
        time.sleep(0.02)
    os.kill(run.state.pid, signal.SIGKILL)
    while run.alive:
        time.sleep(0.02)
    assert run.state.status == "interrupted"
    done = len(run.epochs())
    assert 1 <= done < 30
    before = run.epochs()[:done]
    training_jobs.resume(run)
    while len(run.epochs()) <= done:
        assert run.state.status not in ("failed", "interrupted"), run.state.message
        time.sleep(0.02)
    assert run.epochs()[:done] == before
    rows = run.batches()
    places = rows[:, 0] * spec.batches + rows[:, 1]
    np.testing.assert_array_equal(places, np.arange(len(rows)))  # no batch twice, none missing
    training_jobs.delete(run)
    assert not run.folder.exists() and runs.listed() == []


def test_a_diverged_run_says_so_and_a_crashed_one_why():
    network = NetworkSpec((16, 16), activation="linear")
    spec = replace(QUICK, network=network, optimizer="sgd", learning_rate=10.0, schedule="constant", epochs=20)
    diverged = training_jobs.start(spec, "diverged")
    crashing = runs.create(QUICK, "crashing")
    (crashing.folder / "weights").rmdir()
    training_jobs.pick_up()
    while diverged.state.status not in runs.ENDED:
        time.sleep(0.05)
    assert diverged.state.status == "diverged"
    assert "learning rate ten times smaller" in diverged.state.message
    while crashing.state.status not in runs.ENDED:
        time.sleep(0.05)
    assert crashing.state.status == "failed"
    assert "FileNotFoundError" in crashing.state.message
    assert "Traceback" in (crashing.folder / "error.txt").read_text()


def test_a_waiting_run_can_be_stopped_resumed_and_deleted():
    long, waiting = training_jobs.start(LONG, "long"), training_jobs.start(QUICK, "waiting")
    training_jobs.stop(waiting)
    assert waiting.state.status == "stopped"
    training_jobs.resume(waiting)
    assert waiting.state.status == "queued"
    training_jobs.delete(waiting)
    assert runs.listed() == [long]
    training_jobs.stop(long)  # while it starts: nothing is learned, it ends at once
    while long.state.status not in runs.ENDED:
        time.sleep(0.02)
    assert long.state.status == "stopped" and not long.final.exists()


def test_a_killed_server_loses_no_run(server):
    script = (
        "import os, time\nfrom core import runs, training_jobs\n"
        "from tests.core.test_training_jobs import QUICK\n"
        "first, second = training_jobs.start(QUICK, 'first'), training_jobs.start(QUICK, 'second')\n"
        "while first.state.status == 'queued':\n    time.sleep(0.02)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == -9
    second, first = runs.listed()
    assert second.state.status == "queued"
    wait_for(first, "finished")
    assert second.state.status == "queued"
    training_jobs.pick_up()
    wait_for(second, "finished")


def test_too_many_waiting_are_refused(monkeypatch):
    monkeypatch.setattr(training_jobs, "MOST_WAITING", 0)
    with pytest.raises(RunError, match="At most 0 trainings can wait"):
        training_jobs.start(QUICK)
