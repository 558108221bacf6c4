"""The executor keeps the promises of concurrent.futures, one job at a time, in processes that outlive it."""

import itertools
import os
import pickle
import subprocess
import sys
from concurrent.futures import CancelledError, Executor

import pytest

import words
from bench.servers import ROOT
from core.runs.job import NICENESS
from core.runs.processes import JobError, JobExecutor
from tests.core.runs import sample_jobs


@pytest.fixture
def executor(tmp_path):
    made = JobExecutor(tmp_path / "turn")
    yield made
    made.shutdown(cancel_futures=True)


def test_a_result_comes_back_from_another_process(executor):
    assert isinstance(executor, Executor)
    result = executor.submit(sample_jobs.add, 2, right=3).result(60)
    assert result["sum"] == 5
    assert result["pid"] != os.getpid()


@pytest.mark.parametrize(("said", "niceness"), [("", 19), ("7", 7), ("99", 19), ("-3", 19)])
def test_a_job_stands_back_and_its_session_with_it(executor, monkeypatch, said, niceness):
    monkeypatch.setenv(NICENESS, said)
    result = executor.submit(sample_jobs.add, 2).result(60)
    assert result["nice"] == min(os.nice(0) + niceness, 19)  # `nice make test` stands back itself
    assert result["autogroup"] in (None, str(niceness))


def test_map_keeps_the_order(executor):
    assert [result["sum"] for result in executor.map(sample_jobs.add, (1, 2, 3))] == [1, 2, 3]


def test_an_error_is_told_in_its_own_words(executor):
    with pytest.raises(JobError, match="ValueError: the images are gone"):
        executor.submit(sample_jobs.fail, "the images are gone").result(60)
    with pytest.raises(JobError, match="signal 9") as died:
        executor.submit(sample_jobs.die).result(60)
    told = pickle.loads(pickle.dumps(died.value))  # a worker on another machine has it so
    with words.using("ko"):
        assert "신호 9번" in str(told) and told.signal == 9


def test_one_at_a_time_in_order(executor, tmp_path):
    futures = [executor.submit(sample_jobs.mark, str(tmp_path), f"job{i}", 0.3) for i in range(3)]
    for future in futures:
        future.result(60)
    times = [tuple(map(float, (tmp_path / f"job{i}").read_text().split())) for i in range(3)]
    for (_, end), (begin, _) in itertools.pairwise(times):
        assert end <= begin


def test_two_executors_share_one_turn(executor, tmp_path):
    other = JobExecutor(tmp_path / "turn")
    futures = [one.submit(sample_jobs.mark, str(tmp_path), name, 0.5) for one, name in ((executor, "a"), (other, "b"))]
    for future in futures:
        future.result(60)
    (a, a_end), (b, b_end) = (tuple(map(float, (tmp_path / name).read_text().split())) for name in "ab")
    assert a_end <= b or b_end <= a
    other.shutdown()


def test_a_job_that_steps_aside_lets_the_next_one_work(executor, tmp_path):
    first = executor.submit(sample_jobs.step_aside, str(tmp_path))
    second = executor.submit(sample_jobs.mark, str(tmp_path), "other", 0.0)
    assert second.result(60) is None
    assert first.result(60) is True


def test_a_waiting_job_can_be_cancelled(executor, tmp_path):
    executor.submit(sample_jobs.mark_when_told, str(tmp_path), "first")
    waiting = executor.submit(sample_jobs.mark, str(tmp_path), "second", 0.0)
    assert waiting.cancel()
    (tmp_path / "go").touch()
    executor.shutdown()
    with pytest.raises(CancelledError):
        waiting.result()
    assert (tmp_path / "first").exists()
    assert not (tmp_path / "second").exists()


def test_what_cannot_travel_is_refused_at_once(executor):
    with pytest.raises(ValueError, match="top of a module"):
        executor.submit(lambda: 1)
    with pytest.raises(TypeError):
        executor.submit(sample_jobs.add, object())
    executor.shutdown()
    with pytest.raises(RuntimeError, match="shut down"):
        executor.submit(sample_jobs.add, 1)


def test_a_job_outlives_the_process_that_started_it(tmp_path):
    script = (
        "import os, time\nfrom pathlib import Path\nfrom core.runs.processes import JobExecutor\n"
        "from core.storage.locks import is_held\n"
        "from tests.core.runs import sample_jobs\n"
        f"turn = Path({str(tmp_path / 'turn')!r})\n"
        f"JobExecutor(turn).submit(sample_jobs.mark_when_told, {str(tmp_path)!r}, 'late')\n"
        "while not is_held(turn):\n    time.sleep(0.05)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == -9
    assert not (tmp_path / "late").exists()
    (tmp_path / "go").touch()
    sample_jobs.wait_for(tmp_path / "late")
