"""A dashboard that starts goes on with what an earlier one left in the queue, whether or not anybody opens a page."""

from bench import servers
from core.runs import folders, queue
from tests.core.runs.test_queue import SLIGHT, wait_for


def test_a_run_that_was_left_in_the_queue_is_trained(own_runs):
    run = folders.create(SLIGHT, "left")
    assert run.state.status == "queued"
    try:
        with servers.serving(servers.ROOT / "dashboard.py", LAYER_LAB_RUNS=str(own_runs)):
            wait_for(run, "finished")
    finally:
        queue.delete(run)
