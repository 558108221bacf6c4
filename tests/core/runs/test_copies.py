"""Runs at an address that is no folder: copied there after each epoch, fetched by others, deleted with the run."""

import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from core.runs import cluster, copies, folders, queue, run, turn
from core.runs.damage import damages
from core.runs.folders import RunError
from core.storage import kept
from core.storage.locks import FileLock
from tests.core.runs.sample_runs import MEASURED, SPEC, trained
from tests.core.runs.test_budget import listening

fsspec = pytest.importorskip("fsspec")


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A function that makes this process another machine with an empty folder of runs; all have one address."""
    monkeypatch.setenv("LAYER_LAB_RUNS", "memory://copies/runs")

    def switch(name):
        (tmp_path / name).mkdir(exist_ok=True)
        monkeypatch.setattr(folders, "root", lambda: tmp_path / name)
        monkeypatch.setattr(run, "root", lambda: tmp_path / name)

    switch("one")
    yield switch
    store = fsspec.filesystem("memory")
    if store.exists("/copies"):
        store.rm("/copies", recursive=True)


def epochs(made, count):
    """As a training that has learned so many epochs more."""
    for _ in range(count):
        for batch in range(SPEC.batches):
            made.batch(made.done, batch, 0.5, 0.5)
        made.epoch(made.done, MEASURED)


def test_what_has_seen_a_class_leaves_no_machine(machine):
    made = listening(replace(SPEC, class_drawings="1-1700000000"))
    epochs(made, 1)
    made.copies.last()
    assert not fsspec.filesystem("memory").exists(f"/copies/runs/{made.run.id}")


def copied(made):
    """Wait for the copy that is on its way."""
    made.copies._thread.join()


def test_a_run_is_copied_with_each_epoch_and_another_machine_has_it_once_it_is_over(machine, monkeypatch):
    made = listening(SPEC)
    epochs(made, 1)
    copied(made)
    store = fsspec.filesystem("memory")
    there = {path.partition(made.run.id)[2] for path in store.find(f"/copies/runs/{made.run.id}")}
    assert {"/spec.json", "/state.json", "/epochs.jsonl", "/checkpoint.npz", "/weights/0001.npz"} <= there
    assert not there & {"/lock", "/command"} and not any("/." in path for path in there)
    machine("two")
    assert copies.fetch() == []  # it is still trained there
    machine("one")
    epochs(made, 1)
    assert made._end("finished", "") == "finished"
    made.writer.release()
    here = made.run.state, made.run.epochs(), made.run.batches(), made.run.weights(2)
    machine("two")
    assert folders.listed() == []
    assert copies.fetch() == [made.run] == folders.listed()
    assert copies.fetch() == []
    assert (made.run.state, made.run.epochs()) == here[:2] and damages(made.run) == []
    np.testing.assert_array_equal(made.run.batches(), here[2])
    for mine, theirs in zip(made.run.weights(2), here[3], strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert made.run.final.exists()


def test_what_a_lost_machine_had_learned_goes_on_elsewhere(machine, monkeypatch):
    made = listening(SPEC)
    epochs(made, 1)
    copied(made)
    made.writer.release()
    machine("two")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 2 * 3600)
    assert copies.fetch() == [made.run]
    assert made.run.state.status == "interrupted" and len(made.run.epochs()) == 1
    assert queue.needs_start_over(made.run) is None


def test_an_address_that_does_not_answer_holds_no_training_up(machine, monkeypatch):
    made, whole = listening(SPEC), copies._store
    monkeypatch.setattr(copies, "_store", lambda: (_ for _ in ()).throw(OSError("no route to host")))
    epochs(made, 1)
    copied(made)
    with pytest.raises(RunError, match="cannot be: no route to host"):
        copies.fetch()
    monkeypatch.setattr(copies, "_store", whole)
    epochs(made, 1)
    made._end("finished", "")
    made.writer.release()
    machine("two")
    assert copies.fetch() == [made.run] and made.run.saved_epochs() == [0, 1, 2]


def test_weights_that_are_not_kept_are_not_kept_there_either(machine):
    made = listening(SPEC)
    epochs(made, 1)
    copied(made)
    made.writer.drop_weights(1)
    epochs(made, 1)
    made._end("finished", "")
    made.writer.release()
    machine("two")
    copies.fetch()
    assert made.run.saved_epochs() == [0, 2]


def test_a_deleted_run_is_deleted_there(machine, monkeypatch):
    gone, kept, whole = trained("gone"), trained("kept"), copies._store
    for each in (gone, kept):
        copies.Copies(each).last()
    queue.delete(gone)
    machine("two")
    assert copies.fetch() == [kept]
    monkeypatch.setattr(copies, "_store", lambda: (_ for _ in ()).throw(OSError("no route to host")))
    with pytest.raises(RunError, match=r"deleted here; its copy at memory://copies/runs cannot be: no route"):
        queue.delete(kept)
    monkeypatch.setattr(copies, "_store", whole)
    assert copies.fetch() == [] == folders.listed(), "it is deleted with the next look, and does not come back"
    assert not fsspec.filesystem("memory").exists(f"/copies/runs/{kept.id}") and copies._noted() == []


def test_an_address_that_says_nothing_holds_up_no_page_and_no_queue(machine, tmp_path, monkeypatch):
    gone, ended, answers, whole = trained("gone"), trained("ended"), threading.Event(), copies._store
    copies.Copies(gone).last()
    monkeypatch.setattr(copies, "_store", lambda: answers.wait(120) and whole())
    monkeypatch.setattr(copies, "_DELETED_S", 0.01)
    monkeypatch.setattr(copies, "_LAST_S", 0.01)
    with pytest.raises(RunError, match="deleted here; its copy at memory://copies/runs is not yet"):
        queue.delete(gone)
    mine = FileLock(tmp_path / "turn")
    assert mine.acquire()
    monkeypatch.setattr(turn, "_lock", mine)
    copies.Copies(ended).last()
    assert not mine.held, "the next run trains"
    store = fsspec.filesystem("memory")
    assert store.exists(f"/copies/runs/{gone.id}") and not store.exists(f"/copies/runs/{ended.id}")
    answers.set()
    for thread in threading.enumerate():
        if thread.name in ("copy", "delete"):
            thread.join(120)
    assert store.exists(f"/copies/runs/{ended.id}") and not store.exists(f"/copies/runs/{gone.id}")


def test_what_is_no_run_is_left_where_it_is(machine, tmp_path):
    store = fsspec.filesystem("memory")
    store.pipe({"/copies/runs/notes/state.json": b"{}", "/copies/runs/20260101-000000-abcde/spec.json": b"{}"})
    assert copies.fetch() == [] and [path.name for path in tmp_path.iterdir()] == ["one"]
    store.pipe({"/copies/runs/20260101-000000-abcde/state.json": b"half"})
    (damaged,) = copies.fetch()
    assert not damaged.readable and damages(damaged)


def test_a_cluster_needs_a_folder_that_is_shared(machine, monkeypatch):
    monkeypatch.setenv(cluster.VARIABLE, "tcp://127.0.0.1:8786")
    with pytest.raises(RunError, match=r"memory://copies/runs, to which runs are only copied. Nothing was started"):
        queue.start(SPEC)
    assert folders.listed() == []


def test_without_an_address_nothing_is_copied(own_runs):
    assert copies.fetch() == [] and kept.elsewhere() == "" and kept.root() == own_runs
    copies.forget(trained())
