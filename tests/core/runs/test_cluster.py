"""Runs on a real cluster: a scheduler and two workers, each a process, that share a folder of runs."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest

from bench.servers import ROOT, free_port
from core.runs import cluster, folders, queue
from core.runs.folders import RunError
from tests.core.runs.test_queue import LONG, QUICK, wait_for, wait_until_learning

pytest.importorskip("distributed")

# an epoch takes a moment, all of them longer than any test
STEADY = replace(QUICK, examples=2000, epochs=50)


def until(true):
    deadline = time.monotonic() + 120
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


class Cluster:
    """A scheduler and workers on this machine."""

    def __init__(self, runs):
        self.address = f"tcp://127.0.0.1:{free_port()}"
        self.runs = runs
        self.workers = []
        self.scheduler = self.start_scheduler()

    def start_scheduler(self):
        options = ["--host", self.address, "--no-dashboard", "--dashboard-address", "127.0.0.1:0"]
        self.scheduler = self._started("dask", "scheduler", *options)
        return self.scheduler

    def start_worker(self):
        self.workers.append(self._started("core.runs.worker"))
        return self.workers[-1]

    def _started(self, *command):
        environment = {**os.environ, "LAYER_LAB_RUNS": str(self.runs), cluster.VARIABLE: self.address}
        return subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=environment)

    def end(self):
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Two workers; LAYER_LAB_RUNS and the scheduler's address are those of this module."""
    with pytest.MonkeyPatch.context() as patch:
        made = Cluster(tmp_path_factory.mktemp("runs"))
        patch.setenv("LAYER_LAB_RUNS", str(made.runs))
        patch.setenv(cluster.VARIABLE, made.address)
        queue.executor.cache_clear()
        made.start_worker(), made.start_worker()
        until(lambda: queue.places() == 2)
        yield made
        for run in folders.listed():
            queue.delete(run)
        queue.executor().shutdown(cancel_futures=True)
        queue.executor.cache_clear()
        made.end()


def kill(process, *pids):
    """As a machine that is switched off: the worker, and what it trains."""
    process.kill()
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    process.wait()


def worker_of(lab, run):
    """The worker that asked for the run's process, which it is the parent of, or the parent's parent."""
    with open(f"/proc/{run.state.pid}/stat") as file:
        parent = int(file.read().rpartition(")")[2].split()[1])
    with open(f"/proc/{parent}/stat") as file:
        grandparent = int(file.read().rpartition(")")[2].split()[1])
    return next(each for each in lab.workers if each.pid in (parent, grandparent))


def test_runs_go_to_the_workers_and_are_paused_resumed_and_stopped_there(lab):
    first, second = queue.start(LONG, "first"), queue.start(LONG, "second")
    wait_until_learning(first), wait_until_learning(second)
    assert worker_of(lab, first) is not worker_of(lab, second)  # in processes of theirs, not in this one's
    assert os.getpriority(os.PRIO_PROCESS, first.state.pid) == 19
    assert folders.at_work() == second and folders.all_at_work("running") == [second, first]
    quick = queue.start(QUICK, "third")
    assert folders.queue() == [quick] and "workers, of which there are 2" in queue.waits_for()
    queue.pause(first)
    wait_for(first, "paused")
    stood = first.batches()
    wait_for(quick, "finished")  # in the place of the one that stands still
    assert quick.state.started > first.state.updated
    assert first.state.status == "paused" and len(first.batches()) == len(stood)
    assert len(quick.epochs()) == QUICK.epochs
    queue.resume(first)
    wait_for(first, "running")
    queue.stop(first), queue.stop(second)
    until(lambda: first.state.status == second.state.status == "stopped")
    assert "kept" in first.state.message and first.final.exists()
    assert folders.at_work() is None


def test_what_a_dead_machine_trained_goes_on_elsewhere_and_what_it_kept_paused_can_be_resumed(lab):
    run = queue.start(STEADY, "moved")
    until(lambda: len(run.epochs()) >= 2)
    dead, before = worker_of(lab, run), run.epochs()
    lab.workers.remove(dead)
    kill(dead, run.state.pid)
    known = len(before)
    until(lambda: len(run.epochs()) > known and run.state.status == "running")
    assert worker_of(lab, run) in lab.workers
    assert run.epochs()[:known] == before
    rows = run.batches()
    places = rows[:, 0] * STEADY.batches + rows[:, 1]
    np.testing.assert_array_equal(places, np.arange(len(rows)))  # no batch twice, none missing
    # now the last one dies, and there is nobody until another one comes
    queue.pause(run)
    wait_for(run, "paused")
    kill(lab.workers.pop(), run.state.pid)
    until(lambda: queue.places() == 0)
    assert "no worker has come" in queue.waits_for()
    lab.start_worker()
    until(lambda: run.said().status == "stopped")
    assert "the worker that kept it in memory was lost" in run.state.message
    queue.resume(run)
    wait_until_learning(run)
    queue.delete(run)


def test_a_training_outlives_its_worker_and_is_followed_by_another(lab):
    lab.start_worker()
    run = queue.start(replace(STEADY, epochs=12), "orphan")
    until(lambda: run.epochs())
    pid, dead = run.state.pid, worker_of(lab, run)
    lab.workers.remove(dead)
    kill(dead)
    future = queue._futures[run.id]
    wait_for(run, "finished")
    assert run.state.pid == pid and len(run.epochs()) == 12
    assert future.result(60) == "finished"
    assert not queue._futures


def test_a_scheduler_that_restarts_finds_what_trains_and_what_waits(lab):
    (alone,) = lab.workers
    first, second = queue.start(STEADY, "first"), queue.start(QUICK, "second")
    wait_until_learning(first)
    pid = first.state.pid
    lab.scheduler.kill()
    lab.scheduler.wait()
    until(lambda: "does not answer" in queue.waits_for())
    with pytest.raises(RunError, match="scheduler at .* does not answer.*nothing was started"):
        queue.start(QUICK, "third")
    assert folders.listed() == [second, first]
    done = len(first.epochs())
    until(lambda: len(first.epochs()) > done)  # it needs no scheduler
    lab.start_scheduler()
    until(lambda: queue.places() == 1)
    assert alone.poll() is None and second.state.status == "queued"
    queue.stop(first)
    wait_for(second, "finished")
    assert first.state.status == "stopped" and first.state.pid == pid
    # another server, which knows of none of them, finds them too
    until(lambda: not queue._futures)


def test_a_worker_that_is_shut_down_hands_its_run_on(lab):
    run = queue.start(STEADY, "handed on")
    until(lambda: run.epochs())
    pid = run.state.pid
    os.kill(pid, signal.SIGTERM)  # as a system that ends all processes of a service
    until(lambda: run.state.pid != pid and run.state.status == "running")
    assert len(run.epochs()) >= 1
    pid = run.state.pid
    os.kill(pid, signal.SIGKILL)  # as one that has run out of memory: it would again
    until(lambda: run.state.status == "interrupted")
    until(lambda: not queue._futures)
    assert run.state.status == "interrupted" and run.state.pid == pid
