"""Runs on a real cluster: a scheduler and two workers, each a process, that share a folder of runs."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from bench.servers import ROOT, free_port
from core.runs import cluster, folders, queue, worker
from core.runs.cluster import ClusterExecutor
from core.runs.folders import RunError
from core.runs.job import NICENESS
from core.storage.locks import is_held
from tests import loops
from tests.core.runs import sample_jobs
from tests.core.runs.test_queue import LONG, QUICK, wait_for, wait_until_learning

NICE = 6  # how far trainings stand back, as workers are told: not as the server is

pytest.importorskip("distributed")

# an epoch takes a moment, all of them longer than any test
STEADY = replace(QUICK, examples=1000, epochs=50)

# as `python -m core.runs.worker`, but for how long it looks for a folder that is there at once or never
WORKER = (
    "import runpy\nfrom core.runs import worker\nworker._APPEARS_S = 0.2\n"
    "runpy.run_module('core.runs.worker', run_name='__main__')\n"
)


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
        self.start_scheduler()

    def start_scheduler(self):
        options = ["--host", self.address, "--no-dashboard", "--dashboard-address", "127.0.0.1:0"]
        self.scheduler = self._started("-m", "dask", "scheduler", *options)

    def wait_for_the_scheduler(self):
        """On a busy machine it is there later than somebody who starts a training waits for it."""
        until(lambda: "does not answer" not in queue.waits_for())

    def have_workers(self, count):
        while len(self.workers) > count:
            self.kill(self.workers[0])
        while len(self.workers) < count:
            self.workers.append(self._started("-c", WORKER))
        until(lambda: queue.places() == count)

    def kill(self, worker, *pids):
        """As a machine that is switched off: a worker, and what it trains."""
        self.workers.remove(worker)
        worker.kill()
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        worker.wait()

    def kill_scheduler(self):
        self.scheduler.kill()
        self.scheduler.wait()
        until(lambda: "does not answer" in queue.waits_for())

    def worker_of(self, run):
        """The worker whose child, or child's child, trains the run."""
        parents = [parent(run.state.pid), parent(parent(run.state.pid))]
        return next(each for each in self.workers if each.pid in parents)

    def _started(self, *command):
        # one thread a training: nobody waits for what they learn
        environment = {**os.environ, "LAYER_LAB_RUNS": str(self.runs), cluster.VARIABLE: self.address}
        environment |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1", NICENESS: str(NICE)}
        return subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment)

    def end(self):
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


def parent(pid):
    with open(f"/proc/{pid}/stat") as file:
        return int(file.read().rpartition(")")[2].split()[1])


def end_executor():
    """As a server that ends: the next one has another executor."""
    if queue.executor.cache_info().currsize and isinstance(found := queue.executor(), ClusterExecutor):
        found.shutdown(cancel_futures=True)
    queue.executor.cache_clear()


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        made = Cluster(tmp_path_factory.mktemp("runs"))
        patch.setenv("LAYER_LAB_RUNS", str(made.runs))
        patch.setenv(cluster.VARIABLE, made.address)
        end_executor()
        made.wait_for_the_scheduler()
        yield made
        end_executor()
        made.end()


@pytest.fixture
def lab(started):
    """A cluster with the workers that earlier tests left, and no runs."""
    yield started
    for run in folders.listed():
        queue.delete(run)


def no_batch_twice_and_none_missing(run):
    rows = run.batches()
    places = rows[:, 0] * run.spec.batches + rows[:, 1]
    np.testing.assert_array_equal(places, np.arange(len(rows)))
    return True


def test_a_run_goes_to_a_worker_and_is_paused_resumed_and_stopped_there(lab):
    long = queue.start(LONG, "long")
    if not lab.workers:
        until(lambda: "no worker has come" in queue.waits_for())
        assert long.state.status == "queued" and queue.places() == 0
    lab.have_workers(1)
    wait_until_learning(long)
    assert lab.worker_of(long) in lab.workers  # in a process of its own, and not in one of ours
    assert os.getpriority(os.PRIO_PROCESS, long.state.pid) == min(os.nice(0) + NICE, 19)
    assert [is_held(lock) for lock in folders.turns().glob("*.worker")].count(True) == 1, "a worker has one turn"
    quick = queue.start(QUICK, "quick")
    assert folders.queue() == [quick] and folders.at_work() == long
    assert queue.waits_for() == "one training at a time on the cluster's worker"
    queue.pause(long)
    wait_for(long, "paused")
    stood = long.batches()
    wait_for(quick, "finished")  # in the place of the one that stands still
    assert quick.state.started > long.state.updated
    assert long.state.status == "paused" and len(long.batches()) == len(stood)
    assert len(quick.epochs()) == QUICK.epochs and folders.at_work() is None
    queue.resume(long)
    wait_for(long, "running")
    queue.stop(long)
    until(lambda: long.state.status == "stopped")
    assert "kept" in long.state.message and long.final.exists()


def test_what_a_dead_machine_trained_goes_on_elsewhere_and_what_it_kept_paused_can_be_resumed(lab):
    lab.have_workers(1)
    kept, moved = queue.start(STEADY, "kept"), queue.start(STEADY, "moved")
    wait_until_learning(kept)
    queue.pause(kept)
    until(lambda: len(moved.epochs()) >= 2)
    queue.pause(moved)  # until there is another worker
    wait_for(moved, "paused")
    lab.have_workers(2)
    queue.resume(moved)
    wait_for(moved, "running")
    busy = queue.start(STEADY, "busy")
    wait_for(busy, "running")
    dead, before = lab.worker_of(moved), moved.epochs()
    assert lab.worker_of(kept) is dead is not lab.worker_of(busy)
    lab.kill(dead, moved.state.pid, kept.state.pid)
    until(lambda: moved.state.status == "queued")  # nobody has the time to train it
    assert "it goes on after epoch" in moved.state.message and busy.state.status == "running"
    queue.stop(busy)
    until(lambda: len(moved.epochs()) > len(before))
    queue.stop(moved)
    wait_for(moved, "stopped")
    assert moved.epochs()[: len(before)] == before and no_batch_twice_and_none_missing(moved)
    until(lambda: kept.said().status == "stopped")
    assert "the worker that kept it in memory was lost" in kept.state.message
    assert queue.needs_start_over(kept) is None


def test_two_workers_train_two_runs_and_a_training_outlives_its_worker(lab):
    lab.have_workers(2)
    orphan, other = queue.start(LONG, "orphan"), queue.start(LONG, "other")
    wait_until_learning(orphan), wait_until_learning(other)
    assert lab.worker_of(orphan) is not lab.worker_of(other)
    assert queue.waits_for().endswith("on each of the cluster's 2 workers")
    assert folders.all_at_work("running") == [other, orphan] and folders.at_work() == other
    future, pid, seen = queue._futures[orphan.id], orphan.state.pid, orphan.state.seen
    lab.kill(lab.worker_of(orphan))
    queue.stop(other)  # the other worker is free to follow
    until(lambda: orphan.state.seen > seen and queue.places() == 1)
    assert orphan.state.status == "running" and orphan.state.pid == pid
    queue.stop(orphan)
    assert future.result(120) == "stopped"
    assert orphan.state.pid == pid and no_batch_twice_and_none_missing(orphan)


def test_a_scheduler_that_restarts_finds_what_trains_and_what_waits(lab):
    lab.have_workers(1)
    first, second = queue.start(LONG, "first"), queue.start(QUICK, "second")
    wait_until_learning(first)
    pid, (worker,) = first.state.pid, lab.workers
    lab.kill_scheduler()
    with pytest.raises(RunError, match=r"scheduler at .* does not answer.*nothing was started"):
        queue.start(QUICK, "third")
    assert folders.listed() == [second, first]
    with pytest.raises(RunError, match="does not answer"):
        queue.resume(stopped())
    seen = first.state.seen
    until(lambda: first.state.seen > seen)  # it needs no scheduler
    queue.pause(first)  # nor do orders
    wait_for(first, "paused")
    assert second.state.status == "queued"
    lab.start_scheduler()
    wait_for(second, "finished")
    assert worker.poll() is None and first.state.status == "paused" and first.state.pid == pid
    # once more, and the server is another one, which has started none of them
    lab.kill_scheduler()
    end_executor()
    assert not queue._futures
    queue.pick_up()
    assert {*queue._futures} == {first.id}
    future = queue._futures[first.id]
    lab.start_scheduler()
    until(lambda: queue.places() == 1)
    queue.stop(first)
    assert future.result(120) == "stopped" and first.state.pid == pid


def stopped():
    run = folders.create(QUICK, "stopped")
    assert run.put_state(status="stopped")
    return run


def test_a_worker_that_is_shut_down_hands_its_run_on_and_what_is_killed_alone_is_not_tried_again(lab):
    lab.have_workers(1)
    run = queue.start(STEADY, "handed on")
    until(lambda: run.epochs())
    first = run.state.pid
    os.kill(first, signal.SIGTERM)  # as a system that ends all processes of a service
    until(lambda: run.state.pid != first and run.state.status == "running")
    assert run.epochs()
    second = run.state.pid
    os.kill(second, signal.SIGKILL)  # as one that has run out of memory: it would again
    until(lambda: not queue._futures)
    assert run.state.status == "interrupted" and run.state.pid == second


def test_a_worker_leaves_a_scheduler_without_waiting_for_what_it_follows(lab, tmp_path):
    """Dask would, for as long as it is told here: the next scheduler would have no worker."""
    told = threading.Event()

    async def left():
        options = {"nthreads": 1, "dashboard": False, "local_directory": str(tmp_path)}
        async with worker._kind()(lab.address, **options) as leaving:
            follows = leaving.executors["default"].submit(told.wait)
            await leaving.close(timeout=1e6)
            return leaving.status.name, follows.done()

    try:
        assert loops.run(left()) == ("closed", False)
    finally:
        told.set()


def test_a_worker_that_has_another_folder_of_runs_says_so(lab, monkeypatch, tmp_path):
    lab.have_workers(1)
    monkeypatch.setenv("LAYER_LAB_RUNS", str(tmp_path))
    run = queue.start(QUICK, "elsewhere")
    until(lambda: run.state.status == "failed")
    assert "LAYER_LAB_RUNS must name the same folder" in run.state.message


def test_the_executor_keeps_the_promises_of_its_kind(lab):
    lab.have_workers(1)
    executor = ClusterExecutor(lab.address)
    one, other = (executor.submit(sample_jobs.add, 2, 3) for _ in range(2))
    assert one.result(60)["sum"] == 5
    assert one.result()["pid"] == other.result(60)["pid"] == lab.workers[0].pid
    with pytest.raises(ValueError, match="the images are gone"):
        executor.submit(sample_jobs.fail, "the images are gone").result(60)
    with pytest.raises(TypeError):
        executor.submit(sample_jobs.add, object())
    with pytest.raises(TypeError, match="no names"):
        executor.submit(sample_jobs.add, 1, right=2)
    busy = executor.submit(sample_jobs.mark_when_told, str(lab.runs), "first")
    waiting = executor.submit(sample_jobs.mark, str(lab.runs), "second", 0.0)
    assert waiting.cancel()
    (lab.runs / "go").touch()
    assert busy.result(60) is None
    executor.shutdown()
    with pytest.raises(RuntimeError, match="shut down"):
        executor.submit(sample_jobs.add, 1)
    assert (lab.runs / "first").exists() and not (lab.runs / "second").exists()


@pytest.mark.parametrize("where", ["tcp://127.0.0.1:{port}", "nowhere:at all"])
def test_a_scheduler_that_is_not_there_is_one_sentence(own_runs, monkeypatch, where):
    where = where.format(port=free_port())
    threads = {thread for thread in threading.enumerate() if thread.name == "IO loop"}
    monkeypatch.setenv(cluster.VARIABLE, where)
    end_executor()
    try:
        queue.pick_up()  # a server that starts waits for nobody, and calls it at once
        assert queue.executor.cache_info().currsize == 1
        with pytest.raises(RunError, match=rf"scheduler at {where} does not answer.*nothing was started"):
            queue.start(QUICK, "nowhere")
        assert folders.listed() == [] and queue.places() == 0
        # each look tries again, for as long as it takes: no try may leave anything behind
        assert {thread for thread in threading.enumerate() if thread.name == "IO loop"} <= threads
    finally:
        end_executor()
