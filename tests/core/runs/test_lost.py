"""What a lost worker trained waits for another one at once, and what was killed alone does not."""

import pytest

from core.runs import folders, lost
from core.storage.locks import FileLock
from tests.core.runs.test_queue import QUICK

pytestmark = pytest.mark.usefixtures("own_runs")


@pytest.fixture
def trains():
    """A run, and the lock that its process holds."""
    run = folders.create(QUICK, "run")
    assert run.put_state(status="running", started=1.0)
    process = FileLock(run.folder / folders.LOCK)
    assert process.acquire()
    yield run, process
    process.release()


def test_a_run_whose_job_went_to_another_worker_waits_once_its_process_is_gone(trains):
    run, process = trains
    lost.look_after({run.id: "one"})
    lost.look_after({run.id: "two"})  # which has no time for it, and the process is not yet gone
    assert run.state.status == "running"
    process.release()
    assert run.state.status == "interrupted"
    lost.look_after({run.id: "two"})
    assert run.state.status == "queued" and "was lost; it goes on after epoch 0" in run.state.message


def test_a_run_whose_process_alone_was_killed_is_left_to_its_worker(trains):
    run, process = trains
    lost.look_after({run.id: "one"})
    process.release()
    for workers in ({run.id: "one"}, {run.id: ""}, {}):  # until it has said so, at that moment, and afterwards
        lost.look_after(workers)
        assert run.said().status == "running" and run.state.status == "interrupted"


def test_a_run_whose_job_the_scheduler_keeps_since_all_workers_are_busy_waits(trains):
    run, process = trains
    lost.look_after({run.id: "one"})
    process.release()
    for at, status in (("", "running"), ("one", "running"), ("", "running"), ("", "queued")):
        lost.look_after({run.id: at})
        assert run.said().status == status


def test_a_run_that_was_started_anew_is_where_it_is_seen_then(trains):
    run, process = trains
    lost.look_after({run.id: "one"})
    process.release()
    assert run.put_state(status="running", started=2.0)
    for at in ("two", "two"):
        lost.look_after({run.id: at})
        assert run.said().status == "running"
    lost.look_after({})
    assert not lost._trains_at
