"""One writer a run folder: who holds the lock. No order is lost, whenever it comes."""

from pathlib import Path

import pytest

from core.network.presets import Blocks
from core.runs import folders, queue
from core.runs.writer import Writer
from core.training.spec import TrainingSpec

SPEC = TrainingSpec(network=Blocks(filters=(2,), convolutions=1, dense_units=4).network())

pytestmark = pytest.mark.usefixtures("own_runs")


@pytest.fixture
def run():
    return folders.create(SPEC, "x")


def test_an_order_is_taken_once(run):
    writer = Writer(run)
    assert writer.take_command() == ""
    run.command("pause")
    assert [writer.take_command(), writer.take_command()] == ["pause", ""]


def test_an_order_that_comes_while_one_is_read_is_not_lost(run, monkeypatch):
    """As a Stop right after a Resume: the page writes it between the moments in which the process reads and tidies."""
    writer, read = Writer(run), Path.read_text

    def slow(path, *args, **kwargs):
        text = read(path, *args, **kwargs)
        if folders.COMMAND in path.name and text == "resume":
            run.command("stop")
        return text

    monkeypatch.setattr(Path, "read_text", slow)
    run.command("resume")
    assert [writer.take_command(), writer.take_command()] == ["resume", "stop"]


def test_nobody_else_writes_the_state_of_a_run_at_work(run):
    writer = Writer(run)
    assert writer.acquire(0)
    writer.put_state(status="running")
    assert not run.put_state(status="queued") and run.said().status == "running"
    assert not Writer(run).acquire(0)
    writer.release()
    assert run.put_state(status="queued") and run.said().status == "queued"


def test_a_state_is_changed_only_from_those_that_were_meant(run):
    assert not run.put_state(only=("running",), status="stopped") and run.said().status == "queued"
    assert run.put_state(only=("queued",), status="stopped") and run.said().status == "stopped"


def test_stopping_a_run_that_begins_at_this_moment_reaches_its_process(run):
    writer = Writer(run)
    assert writer.acquire(0)  # its process has the run, and has not said so yet
    queue.stop(run)
    assert run.said().status == "queued" and writer.take_command() == "stop"
    writer.release()


def test_an_order_to_an_earlier_process_is_none_to_the_next(run, monkeypatch):
    monkeypatch.setattr(queue, "_submit", lambda run: None)
    run.put_state(status="interrupted")
    run.command("stop")
    queue.resume(run)
    assert Writer(run).take_command() == ""


def test_what_is_at_work_cannot_be_resumed(run):
    run.put_state(status="stopped")
    writer = Writer(run)
    assert writer.acquire(0)
    with pytest.raises(folders.RunError, match="still at work"):
        queue.resume(run)
    writer.release()
