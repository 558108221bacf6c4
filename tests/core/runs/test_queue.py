"""Real trainings in real processes: watched, paused, stopped, killed, resumed, deleted."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest

from core.data import mnist
from core.network import saved
from core.network.activations import Tracer
from core.network.evaluation import evaluate
from core.network.explanation import grad_cam
from core.network.notation import parse
from core.network.presets import Blocks
from core.runs import folders, queue
from core.runs.folders import RunError
from core.storage.locks import FileLock
from core.training import loop
from core.training.spec import TrainingSpec
from tests.core.runs.sample_runs import SPEC, trained

SMALL = Blocks(filters=(4, 8), convolutions=1, dense_units=16).network()
QUICK = TrainingSpec(network=SMALL, examples=600, validation=100, epochs=2, batch_size=64, precision="float32")
LONG = TrainingSpec(network=SMALL, examples=50_000, validation=500, epochs=50, batch_size=32, precision="float32")
# where it only counts that a run is trained to its end: half the processor time of the others, which trace their graphs
SLIGHT = replace(QUICK, network=parse("Flatten - Dense 10 softmax"), examples=128, engine="loop")
PATIENCE_S = 120


@pytest.fixture(autouse=True)
def server(own_runs):
    """A server of its own: an executor that knows only the runs of this test's folder."""
    queue.executor.cache_clear()
    yield own_runs
    for run in folders.listed():
        queue.delete(run)
    queue.executor().shutdown(cancel_futures=True)
    queue.executor.cache_clear()


def wait_for(run, *statuses):
    deadline = time.monotonic() + PATIENCE_S
    while (status := run.state.status) not in statuses:
        assert time.monotonic() < deadline, (status, run.state.message)
        assert status not in folders.ENDED, (status, run.state.message)
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
    run = queue.start(QUICK, "recorded")
    wait_for(run, "finished")
    learner = loop.train(QUICK)
    for stored, expected in zip(run.weights(2), learner.weights(), strict=True):
        np.testing.assert_allclose(stored, expected, rtol=1e-4, atol=1e-6)
    assert run.saved_epochs() == [0, 1, 2]
    np.testing.assert_array_equal(run.weights(0)[0], SMALL.build().get_weights()[0])
    rows = run.batches()
    assert len(rows) == 2 * QUICK.batches
    assert rows[-1][:3].tolist() == [1, QUICK.batches - 1, 1200]
    assert (np.diff(rows[:, 5]) > 0).all()
    assert [line["epoch"] for line in run.epochs()] == [1, 2]
    final = saved.load(run.final)
    np.testing.assert_array_equal(final.get_weights()[0], run.weights(2)[0])
    assert getattr(final, "optimizer", None) is None
    assert {path.name for path in run.folder.iterdir() if path.name.startswith(".")} == set()
    with pytest.raises(RunError, match="finished"):
        queue.resume(run)
    with pytest.raises(RunError, match="finished"):
        queue.stop(run)
    with pytest.raises(RunError, match="finished"):
        queue.pause(run)


def test_a_run_of_any_network_is_trained_kept_evaluated_and_explained():
    text = (
        "DepthwiseConv2D 3 same depth_multiplier 4 use_bias false - BatchNormalization momentum 0.5 - ReLU - "
        "last=Conv2D 8 1 relu - GlobalAveragePooling2D - Dense 10 softmax"
    )
    run = queue.start(replace(QUICK, network=parse(text), seed=3), "mobile")
    assert json.loads((run.folder / "spec.json").read_text())["training"]["network"] == text
    wait_for(run, "finished")
    network, final = run.spec.network, saved.load(run.final)
    assert run.weights(0)[0].tolist() == network.seeded(3).build().get_weights()[0].tolist()
    for one, other, start in zip(run.model(2).get_weights(), final.get_weights(), run.weights(0), strict=True):
        np.testing.assert_array_equal(one, other)
        assert (one != start).any()  # the moving statistics too
    test = mnist.half("test")
    found = evaluate(run.model(), test.images[:300], test.labels[:300])
    np.testing.assert_allclose(found.probabilities, saved.predict(final, test.images[:300]), atol=1e-6)
    assert np.isfinite(grad_cam(final, test.images[0], "last", 7)).all()
    traced = Tracer(final, network).trace(test.images[0])
    np.testing.assert_allclose(traced["dense"].outputs, found.probabilities[0], atol=1e-5)


def test_pause_lets_the_next_run_work_and_stop_keeps_what_was_learned():
    long, quick = queue.start(LONG, "long"), queue.start(SLIGHT, "quick")
    wait_until_learning(long)
    assert quick.state.status == "queued" and folders.queue() == [quick]
    queue.pause(long)
    wait_for(long, "paused")
    stood = long.batches()
    wait_for(quick, "finished")
    assert len(long.batches()) == len(stood)
    queue.resume(long)
    wait_for(long, "running")
    wait_until_learning(long)
    queue.stop(long)
    while long.state.status == "running":
        time.sleep(0.02)
    assert long.state.status == "stopped", long.state.message
    assert "kept" in long.state.message
    np.testing.assert_array_equal(saved.load(long.final).get_weights()[0], long.weights()[0])


def test_a_killed_run_is_interrupted_and_goes_on_after_its_last_epoch():
    spec = TrainingSpec(**{**vars(QUICK), "epochs": 30, "examples": 2000})
    run = queue.start(spec, "killed")
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
    queue.resume(run)
    while len(run.epochs()) <= done:
        assert run.state.status not in ("failed", "interrupted"), run.state.message
        time.sleep(0.02)
    assert run.epochs()[:done] == before
    rows = run.batches()
    places = rows[:, 0] * spec.batches + rows[:, 1]
    np.testing.assert_array_equal(places, np.arange(len(rows)))  # no batch twice, none missing
    queue.delete(run)
    assert not run.folder.exists() and folders.listed() == []


def test_a_diverged_run_says_so_and_a_crashed_one_why():
    network = Blocks((16, 16), activation="linear").network()
    spec = replace(QUICK, network=network, optimizer="sgd", learning_rate=10.0, schedule="constant", epochs=20)
    diverged = queue.start(spec, "diverged")
    crashing = folders.create(QUICK, "crashing")
    (crashing.folder / "weights").rmdir()
    queue.pick_up()
    while diverged.state.status not in folders.ENDED:
        time.sleep(0.05)
    assert diverged.state.status == "diverged"
    assert "learning rate ten times smaller" in diverged.state.message
    while crashing.state.status not in folders.ENDED:
        time.sleep(0.05)
    assert crashing.state.status == "failed"
    assert "FileNotFoundError" in crashing.state.message
    assert "Traceback" in (crashing.folder / "error.txt").read_text()


def test_a_waiting_run_can_be_stopped_resumed_and_deleted():
    long, waiting = queue.start(LONG, "long"), queue.start(QUICK, "waiting")
    queue.stop(waiting)
    assert waiting.state.status == "stopped"
    queue.resume(waiting)
    assert waiting.state.status == "queued"
    queue.delete(waiting)
    assert folders.listed() == [long]
    queue.stop(long)  # while it starts: nothing is learned, it ends at once
    while long.state.status not in folders.ENDED:
        time.sleep(0.02)
    assert long.state.status == "stopped", long.state.message
    assert not long.final.exists()


def test_too_many_waiting_are_refused(monkeypatch):
    monkeypatch.setattr(queue, "MOST_WAITING", 0)
    with pytest.raises(RunError, match="At most 0 trainings can wait"):
        queue.start(QUICK)


def test_a_process_of_another_machine_is_left_alone(own_runs):
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    run = trained("far", status="running", pid=other.pid, host="another-machine")
    lock = FileLock(run.folder / "lock")  # as it is held there
    assert lock.acquire()
    try:
        queue.delete(run)
        assert other.poll() is None and folders.listed() == []
    finally:
        lock.release()
        other.communicate(b"\n")
    assert other.returncode == 0


def test_all_runs_together_take_no_more_than_they_may(own_runs, monkeypatch):
    monkeypatch.setattr(queue, "_submit", lambda run: None)
    trained("before")
    queue.start(SPEC, "there is room")
    monkeypatch.setenv("LAYER_LAB_RUNS_MB", "0")
    with pytest.raises(RunError, match="All runs together may have 0 MB here"):
        queue.start(SPEC, "too much")
