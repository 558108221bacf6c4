"""A step that asks about a training says what to do, or to wait for, until there is one with its settings."""

from dataclasses import replace

import pytest

from core.lessons import trainings
from core.lessons.quantities import AwaitedError, NotYetError
from core.runs import folders
from core.runs.run import write_state
from core.storage.locks import FileLock
from tests.core.runs.sample_runs import SPEC

pytestmark = pytest.mark.usefixtures("own_runs")


def said() -> str:
    """Why there is no number, of a number that does not come by itself."""
    with pytest.raises(NotYetError) as caught:
        trainings.ended(SPEC)
    assert not isinstance(caught.value, AwaitedError)
    return str(caught.value)


def awaited() -> str:
    """The same of one that does."""
    with pytest.raises(AwaitedError) as caught:
        trainings.ended(SPEC)
    return str(caught.value)


def test_what_is_to_be_done_follows_from_where_the_training_stands():
    folders.create(replace(SPEC, seed=SPEC.seed + 1), "others")
    assert "press Start training" in said()
    run = folders.create(SPEC, "mine")
    assert "waits for its turn" in awaited()
    lock = FileLock(run.folder / "lock")
    assert lock.acquire()
    write_state(run, status="starting")
    assert "in epoch 1 of 2" in awaited()
    write_state(run, status="running", epoch=1)
    assert "in epoch 2 of 2" in awaited()
    write_state(run, status="running", epoch=2)  # what it has learned is being kept
    assert "in epoch 2 of 2" in awaited()
    write_state(run, status="paused")
    assert "press Resume" in awaited()
    write_state(run, status="stopped")
    lock.release()
    assert "once more" in said()


def test_of_several_the_newest_that_has_numbers_or_gets_them():
    old, new, again, stopped = (folders.create(SPEC, name) for name in ("old", "new", "again", "stopped"))
    assert stopped.put_state(status="stopped") and again.put_state(status="queued")
    assert "turn" in awaited()
    assert old.put_state(status="finished") and new.put_state(status="diverged")
    assert trainings.ended(SPEC) == new
