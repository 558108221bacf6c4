"""A class's drawings among the images of a training: who is seen, how often, and what is deleted with the class."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest

from core.classes import drawings, joining, keys, place, store, teaching, training_set
from core.classes.limits import ClassError
from core.data import mnist
from core.runs import folders, of_classes, queue
from core.training import data
from core.training.spec import TrainingSpec

SPEC = TrainingSpec(examples=1000, validation=500, precision="float32")
SURE = np.eye(10, dtype=np.float32)[4]


@pytest.fixture
def group(database):
    return teaching.open_class("t" * 43)


def draw(group, each=2, pupils=3):
    """Drawings of which no two are alike, in the order in which they were sent; by pupil."""
    sent = {}
    for number in range(pupils):
        pupil = joining.join(group, f"pupil {number}")
        for at in range(each):
            pixels = np.full((28, 28), 1 + number * each + at, np.uint8)
            drawings.send(pupil, pixels, (number + at) % 10, SURE, "")
            sent.setdefault(pupil.id, []).append(pixels)
    return sent


def test_two_of_three_writers_are_seen_ten_times_each_among_mnist(group):
    sent = draw(group)
    spec = replace(SPEC, class_drawings=training_set.key(group))
    assert data.problem(spec) is None and training_set.size(spec.class_drawings) == training_set.Size(4, 2)
    images, labels = data.training_images(spec)
    plain, answers = data.training_images(SPEC)
    assert images.shape == plain.shape and images.dtype == plain.dtype and labels.dtype == answers.dtype
    np.testing.assert_array_equal(images[:960], mnist.half("train").images[:960])
    np.testing.assert_array_equal(labels[:960], answers[:960])
    for pupil, pictures in sent.items():
        for picture in pictures:
            times = int((images == picture).all(axis=(1, 2)).sum())
            assert times == (0 if training_set.is_apart(pupil) else 10)
    drawn = {each.pixels.tobytes(): each.label for each in drawings.on_board(group)}
    assert all(drawn[picture.tobytes()] == label for picture, label in zip(images[960:], labels[960:], strict=True))


def test_at_least_half_stays_mnist(group):
    draw(group, each=4)
    key = training_set.key(group)
    images, _labels = data.training_images(replace(SPEC, examples=100, class_drawings=key))
    np.testing.assert_array_equal(images[:50], mnist.half("train").images[:50])
    assert len(images) == 100 and len(np.unique(images[50:], axis=0)) == 8, "each of them as often as there is room"
    assert training_set.size(key).places(100) == 50


def test_without_a_drawing_or_a_class_it_is_said_why(group, monkeypatch):
    key = training_set.key(group)
    spec = replace(SPEC, class_drawings=key)
    assert "there is none" in data.problem(spec)
    with pytest.raises(ClassError, match="there is none"):
        data.training_images(spec)
    draw(group)
    number, ends = keys.parts(key)
    for other in (keys.of(number, ends - 86400), keys.of(number, ends + 5), keys.of(number + 1, ends)):
        assert "has ended" in data.problem(replace(SPEC, class_drawings=other)), "nobody else's drawings"
    assert training_set.is_open(key) and not training_set.is_open(key, ends + 1)
    teaching.end(group)
    with pytest.raises(ClassError, match="has ended"):
        data.training_images(spec)


def test_a_machine_without_the_database_says_so(group, monkeypatch, tmp_path):
    draw(group)
    key = training_set.key(group)
    monkeypatch.delenv(place.VARIABLE, raising=False)
    monkeypatch.setenv("LAYER_LAB_RUNS", str(tmp_path / "another"))
    assert place.VARIABLE in training_set.problem(key) and "ended" not in training_set.problem(key)


# -- runs ----------------------------------------------------------------------------------------------------------


def run_of(key, name):
    return folders.create(replace(SPEC, class_drawings=key), name)


def test_runs_go_with_their_class_and_no_others(group):
    key, plain = training_set.key(group), folders.create(SPEC, "plain")
    of_this = run_of(key, "of this class")
    of_another = run_of(training_set.key(teaching.open_class("another")), "of another")
    older, damaged, torn = (run_of(key, name) for name in ("from before marks", "without settings", "with half a mark"))
    (older.folder / folders.CLASS).unlink()
    (damaged.folder / folders.SPEC).write_text("{")
    (torn.folder / folders.CLASS).write_bytes(b"\xff1-")
    assert not damaged.readable and of_classes.delete_ended() == 0
    teaching.end(group)
    assert of_classes.delete_ended() == 4
    assert {run.id for run in folders.listed()} == {plain.id, of_another.id} and not of_this.folder.exists()
    assert of_classes.delete_ended(group.ends + 60) == 1, "a day is over whether or not anybody ends the class"
    assert folders.listed() == [plain]


_HOLDS = """
import sys
from pathlib import Path
from core.storage.locks import FileLock
lock = FileLock(Path(sys.argv[1]))
print(lock.acquire(5), flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_run_that_trains_when_its_class_ends_is_ended_and_deleted(group):
    run = run_of(training_set.key(group), "at work")
    command = [sys.executable, "-c", _HOLDS, str(run.folder / folders.LOCK)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline().strip() == b"True"
        folders.write_state(run, status="running", pid=process.pid)
        assert run.state.status == "running"
        teaching.end(group)
        assert of_classes.delete_ended() == 1 and not run.folder.exists()
        assert process.wait(30) != 0


def test_without_an_answer_of_the_database_the_day_counts(group, monkeypatch):
    key = training_set.key(group)
    run_of(key, "today's")
    run_of(keys.of(1, time.time() - 5), "yesterday's")
    store.forget_connections()
    with monkeypatch.context() as patch:
        patch.setenv(place.VARIABLE, "mysql://nobody/nothing")
        assert of_classes.delete_ended() == 1
    assert [run.name for run in folders.listed()] == ["today's"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_queued_run_whose_class_has_ended_says_so_in_one_sentence(group):
    draw(group)
    run = run_of(training_set.key(group), "late")
    teaching.end(group)
    # a process of its own, as a training has: it ends itself once its folder is gone
    code = f"import sys; from core.runs import recorder; print(recorder.execute({run.id!r}), 'keras' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["failed", "False"], "it is said before TensorFlow is loaded"
    assert run.state.message == training_set.problem(training_set.key(group))
    with pytest.raises(folders.RunError, match="has ended"):
        queue.start(run.spec)
    assert len(folders.listed()) == 1


def test_what_names_a_class_is_checked_and_older_runs_know_of_none(group):
    assert TrainingSpec.from_dict(SPEC.as_dict()) == SPEC
    marked = replace(SPEC, class_drawings=training_set.key(group))
    assert TrainingSpec.from_dict(marked.as_dict()) == marked and "class" in marked.title()
    old = SPEC.as_dict()
    del old["class_drawings"]
    assert TrainingSpec.from_dict(old) == SPEC
    for wrong in ("7", "7-", "١-٢", "7-8;", 7, 0, None, []):
        assert "class_drawings" in replace(SPEC, class_drawings=wrong).mistake()
