"""Jobs that are forked: what they are told, what is heard of them, and what happens where the process they are forked
from dies."""

import os
import signal
import sys

import pytest

from core.runs import processes, seed
from core.runs.processes import JobError, JobExecutor
from tests.core.runs import sample_jobs
from tests.core.runs.test_faults import until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="jobs are forked on Linux only")
IMPORTS = ("tests.core.runs.sample_jobs",)


@pytest.fixture
def executor(tmp_path, monkeypatch):
    """Its jobs are forked from a process of this test's own."""
    monkeypatch.setattr(seed, "_kept", {})
    made = JobExecutor(tmp_path / "turn", IMPORTS)
    yield made
    made.shutdown(cancel_futures=True)
    for each in seed._kept.values():
        each._process.kill()


def parent(executor) -> int:
    """The process that jobs are forked from."""
    return seed.shared(IMPORTS)._process.pid


def test_a_job_is_a_fork_with_the_results_and_errors_of_any(executor):
    found = executor.submit(sample_jobs.who, 2, right=3).result(60)
    assert found["sum"] == 5 and found["parent"] == parent(executor) and found["pid"] != os.getpid()
    with pytest.raises(JobError, match="no such thing"):
        executor.submit(sample_jobs.fail, "no such thing").result(60)
    with pytest.raises(JobError, match="signal 9"):
        executor.submit(sample_jobs.die).result(60)
    # one process for all of them
    assert executor.submit(sample_jobs.who, 1).result(60)["parent"] == found["parent"]


def test_a_job_sees_the_environment_of_the_moment(executor, monkeypatch):
    for value in ("first", "second"):
        monkeypatch.setenv("LAYER_LAB_TEST", value)
        assert executor.submit(sample_jobs.environment, "LAYER_LAB_TEST").result(60) == value
    monkeypatch.delenv("LAYER_LAB_TEST")
    assert executor.submit(sample_jobs.environment, "LAYER_LAB_TEST").result(60) is None


def test_a_job_outlives_the_process_it_was_forked_from(executor, tmp_path):
    future = executor.submit(sample_jobs.mark_when_told, str(tmp_path), "done")
    until(lambda: processes.is_held(tmp_path / "turn"))
    os.kill(parent(executor), signal.SIGKILL)
    (tmp_path / "go").touch()
    assert future.result(60) is None and (tmp_path / "done").exists()
    # the next one has another
    assert executor.submit(sample_jobs.who, 1).result(60)["parent"] == parent(executor)


def test_a_job_that_dies_unseen_is_an_error(executor, tmp_path, monkeypatch):
    future = executor.submit(sample_jobs.mark_when_told, str(tmp_path), "done")
    until(lambda: processes.is_held(tmp_path / "turn"))
    jobs = seed.shared(IMPORTS)._jobs
    until(lambda: jobs)
    (job,) = jobs.values()
    job._begun = tmp_path / "never"  # as if it had not begun
    os.kill(parent(executor), signal.SIGKILL)
    os.kill(job.pid, signal.SIGKILL)
    with pytest.raises(JobError, match="signal 9"):
        future.result(60)


@pytest.mark.parametrize("modules", [("no.such.module",), ("tests.core.runs.no_such_jobs",)])
def test_where_nothing_can_be_forked_a_job_starts_by_itself(tmp_path, monkeypatch, modules):
    monkeypatch.setattr(seed, "_kept", {})
    executor = JobExecutor(tmp_path / "turn", modules)
    found = executor.submit(sample_jobs.who, 2).result(60)
    assert found["sum"] == 2 and found["parent"] == os.getpid()
    executor.shutdown()


def test_it_ends_with_the_one_that_gives_orders(tmp_path):
    made = seed.Seed(IMPORTS)
    made._process.stdin.close()
    assert made._process.wait(60) == 0
    with pytest.raises(seed.SeedError):
        made.fork([], tmp_path / "log", tmp_path / "begun")
    assert not made.lives


def test_it_ends_where_nobody_has_needed_it_for_a_while(monkeypatch):
    reading, _writing = os.pipe()
    monkeypatch.setattr(seed, "_IDLE_S", 0)
    seed._serve(reading, None, reading, os.getpid())
    os.close(reading), os.close(_writing)
