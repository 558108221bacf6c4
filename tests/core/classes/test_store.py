"""Classes in a database: joined by a code, answered once, drawn to the board, forgotten; in SQLite and PostgreSQL."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from core.classes import answers, drawings, joining, limits, own_lesson, place, store, teaching
from core.classes.limits import ClassError
from core.lessons import blocks

ROOT = Path(__file__).parents[3]
TEACHER = "t" * 43
IMAGE = np.arange(784, dtype=np.uint32).astype(np.uint8).reshape(28, 28)
SURE_OF_4 = np.eye(10, dtype=np.float32)[4]


@pytest.fixture
def group(database):
    return teaching.open_class(TEACHER)


def pupils(group, count):
    return [joining.join(group, f"pupil {number}") for number in range(count)]


def test_a_teacher_has_one_class_and_others_have_theirs(group):
    assert teaching.open_class(TEACHER) == group == teaching.of_teacher(TEACHER)
    other = teaching.open_class("another")
    assert other.code != group.code and teaching.by_code(other.code) == other
    assert teaching.of_teacher("nobody") is None and teaching.by_code("00000000") is None
    assert not group.leads and 23 * 3600 < group.ends - time.time() <= 24 * 3600


def test_moving_all_and_letting_go(group):
    moved = teaching.move(group, "shapes", 3)
    assert (moved.leads, moved.lesson, moved.step, moved.moves) == (True, "shapes", 3, 1)
    assert teaching.move(moved, "shapes", 3).moves == 2, "moved again to the same step is a move: some have left it"
    assert teaching.by_code(group.code).leads
    assert not teaching.let_go(group).leads


def test_a_pupil_is_a_browser_in_a_class(group):
    one, two = joining.join(group, "a"), joining.join(group, "b", "  Ana\n Li\0")
    assert one.id != two.id and two.name == "Ana Li"
    assert joining.join(group, "a", "Bo").id == one.id and joining.count(group) == 2
    assert joining.join(group, "a").name == "Bo", "who joins again without a name keeps the one they gave"
    assert joining.find(group, "b") == two and joining.find(group, "c") is None
    assert joining.names(group) == {one.id: "Bo", two.id: "Ana Li"}
    elsewhere = teaching.open_class("another")
    assert joining.find(elsewhere, "a") is None
    assert len(joining.join(group, "d", "x" * 500).name) == limits.LONGEST_NAME


def test_a_browser_is_found_in_its_class_whatever_the_address_says(group):
    assert joining.of_browser("a") is None
    other = teaching.open_class("another")
    one = joining.join(group, "a")
    assert joining.of_browser("a") == (group, one) and joining.of_browser("b") is None
    later = joining.join(other, "a")
    assert joining.of_browser("a") == (other, later), "the class that it joined last"
    teaching.end(other)
    assert joining.of_browser("a") == (group, one)
    joining.leave(one)
    assert joining.of_browser("a") is None and joining.of_browser("a", group.ends) is None


def test_the_first_answer_counts(group):
    one, two, three = pupils(group, 3)
    answers.hand_in(one, "shapes", 1, "28", False)
    answers.hand_in(one, "shapes", 1, "24", True)
    answers.hand_in(two, "shapes", 1, "24", None)  # not computed yet
    answers.hand_in(three, "shapes", 2, "24", True)
    assert [(each.answer, each.correct) for each in answers.given(group, "shapes", 1)] == [("28", False), ("24", None)]
    answers.hand_in(two, "shapes", 1, "24", True)
    answers.hand_in(one, "shapes", 1, "28", True)  # what was wrong stays wrong
    assert [each.correct for each in answers.given(group, "shapes", 1)] == [False, True]
    answers.hand_in(three, "pooling", 1, "done", False, again=True)
    answers.hand_in(three, "pooling", 1, "done", True, again=True)
    assert [each.correct for each in answers.given(group, "pooling", 1)] == [True]


def test_a_drawing_comes_back_as_it_was(group):
    (pupil,) = pupils(group, 1)
    strokes = [[1, 18, 10.04, 20.96, 30, 40], [2]]
    number = drawings.send(pupil, IMAGE, 9, SURE_OF_4, "Basic_CNN, trained\0\ud800", strokes)
    (found,) = drawings.on_board(group)
    assert np.array_equal(found.pixels, IMAGE) and found.strokes == [[1, 18, 10.0, 21.0, 30, 40], [2]]
    assert (found.label, found.prediction, found.probability, found.network) == (9, 4, 1.0, "Basic_CNN, trained")
    assert (found.id, found.pupil) == (number, pupil.id) and drawings.newest(group) == (1, number)
    drawings.take_off(teaching.open_class("another"), number)
    assert drawings.newest(group)[0] == 1, "only its own class takes a drawing off its board"
    drawings.take_off(group, number)
    assert drawings.on_board(group) == [] and drawings.newest(group) == (0, 0)


def test_scribbles_without_end_are_kept_as_pixels_only(group):
    (pupil,) = pupils(group, 1)
    drawings.send(pupil, IMAGE, 1, SURE_OF_4, "", [[1, 18, *[111.1] * 20_000]])
    assert drawings.on_board(group)[0].strokes == []


@pytest.mark.parametrize(
    ("image", "label", "probabilities"),
    [(IMAGE[1:], 1, SURE_OF_4), (IMAGE / 255, 1, SURE_OF_4), (IMAGE, 10, SURE_OF_4), (IMAGE, 1, SURE_OF_4[1:])],
)
def test_what_is_no_drawing_is_refused(image, label, probabilities):
    with pytest.raises(ValueError, match="Expected"):
        drawings.send(joining.Pupil(1, 1, ""), image, label, probabilities, "")


def test_limits(group, monkeypatch):
    monkeypatch.setattr(limits, "MOST_PUPILS", 2)
    monkeypatch.setattr(limits, "MOST_DRAWINGS", 1)
    monkeypatch.setattr(limits, "MOST_CLASSES", 1)
    first, _ = pupils(group, 2)
    with pytest.raises(ClassError, match="pupils can be in one class"):
        joining.join(group, "one too many")
    assert joining.join(group, "pupil 0").id == first.id, "who is in stays in"
    drawings.send(first, IMAGE, 1, SURE_OF_4, "")
    with pytest.raises(ClassError, match="Each pupil can send"):
        drawings.send(first, IMAGE, 1, SURE_OF_4, "")
    with pytest.raises(ClassError, match="classes can be open"):
        teaching.open_class("another")


@pytest.mark.parametrize("how", ["ended", "over", "left"])
def test_nothing_is_left_of_a_class(group, how, database):
    (pupil,) = pupils(group, 1)
    answers.hand_in(pupil, "shapes", 1, "24", True)
    drawings.send(pupil, IMAGE, 1, SURE_OF_4, "a name to look for")
    own_lesson.give(group, "a name to look for", "en")
    if how == "ended":
        teaching.end(group)
    elif how == "over":
        assert store.tidy(group.ends - 1) == 0 and store.tidy(group.ends) == 1
    else:
        joining.leave(pupil)
    with store.reading() as connection:
        tables = store.metadata.sorted_tables
        rows = {table.name: len(connection.execute(table.select()).all()) for table in tables}
    assert rows == {
        **dict.fromkeys(rows, 0),
        **dict.fromkeys(("layer_lab_classes", "layer_lab_lessons"), int(how == "left")),
    }
    if database.startswith("sqlite") and how != "left":
        files = [path.read_bytes() for path in Path(database.removeprefix("sqlite:///")).parent.iterdir()]
        assert files and not any(b"a name to look for" in content or IMAGE.tobytes() in content for content in files)


def test_a_lesson_of_the_teachers_own_lies_in_the_class(group):
    other = teaching.open_class("another")
    assert own_lesson.of(group) is None and own_lesson.number(group) == 0
    first = own_lesson.give(group, "one", "en")
    assert own_lesson.of(group) == first and own_lesson.of(other) is None and own_lesson.is_key(first.key)
    (pupil,) = pupils(group, 1)
    answers.hand_in(pupil, first.key, 2, "24", True)
    answers.hand_in(pupil, "shapes", 2, "24", True)
    moved = teaching.move(group, first.key, 2)
    second = own_lesson.give(group, "two", "ko")
    assert own_lesson.of(group) == second and second.text == "two" and second.key != first.key
    now = teaching.by_code(group.code)
    assert (now.lesson, now.step, now.moves) == (second.key, 2, moved.moves + 1), "who is led is led on"
    assert not answers.given(group, first.key, 2) and answers.given(group, "shapes", 2)
    with pytest.raises(ClassError, match="at most 60,000 characters"):
        own_lesson.give(group, "x" * (blocks.MOST_CHARACTERS + 1), "en")
    assert own_lesson.of(group) == second and limits.LONGEST_OWN_LESSON == blocks.MOST_CHARACTERS


def test_a_class_that_is_over_takes_nothing_more(group):
    (pupil,) = pupils(group, 1)
    assert teaching.by_code(group.code, group.ends) is None
    teaching.end(group)
    for late in (
        lambda: answers.hand_in(pupil, "shapes", 1, "24", True),
        lambda: drawings.send(pupil, IMAGE, 1, SURE_OF_4, ""),
        lambda: joining.join(group, "late"),
        lambda: teaching.move(group, "shapes", 1),
        lambda: own_lesson.give(group, "", "en"),
    ):
        with pytest.raises(ClassError, match="has ended"):
            late()


_ANSWERS_AT_ONCE = """
import json, sys
from threading import Barrier, Thread
from core.classes import answers, drawings, joining, teaching
import numpy as np
code, first, count = json.loads(sys.argv[1])
group, barrier = teaching.by_code(code), Barrier(count)
def answer(number):
    barrier.wait()
    pupil = joining.join(group, f"pupil {number}")
    answers.hand_in(pupil, "shapes", 1, str(number), number % 2 == 0)
    drawings.send(pupil, np.full((28, 28), number, np.uint8), number % 10, np.eye(10)[number % 10], "")
threads = [Thread(target=answer, args=(number,)) for number in range(first, first + count)]
print("ready", flush=True)
sys.stdin.readline()
[each.start() for each in threads]
[each.join() for each in threads]
"""


def test_thirty_at_once_lose_nothing(group):
    each, starts = 15, (0, 15)
    jobs = [
        subprocess.Popen(
            [sys.executable, "-c", _ANSWERS_AT_ONCE, json.dumps([group.code, start, each])],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for start in starts
    ]
    assert [job.stdout.readline() for job in jobs] == ["ready\n"] * len(jobs)
    for job in jobs:
        job.stdin.write("go\n")
        job.stdin.flush()
    for job in jobs:
        job.communicate()
        assert job.returncode == 0
    found = answers.given(group, "shapes", 1)
    assert sorted(int(given.answer) for given in found) == list(range(30)) and joining.count(group) == 30
    assert all(given.correct is (int(given.answer) % 2 == 0) for given in found)
    assert sorted(int(drawn.pixels[0, 0]) for drawn in drawings.on_board(group)) == list(range(30))


def test_without_a_database_there_is_a_sentence(tmp_path, monkeypatch):
    for address, said in (
        (f"sqlite:///{tmp_path}", "should answer"),  # a folder
        ("postgresql://nobody@127.0.0.1:1/none", "should answer"),
        ("mysql://localhost/lab", "should be sqlite"),
        ("nonsense", "should be sqlite"),
    ):
        monkeypatch.setenv(place.VARIABLE, address)
        with pytest.raises(ClassError, match=said):
            teaching.open_class(TEACHER)


def test_a_server_where_nobody_opened_a_class_has_no_file(tmp_path, monkeypatch):
    monkeypatch.setenv("LAYER_LAB_RUNS", str(tmp_path))
    monkeypatch.delenv(place.VARIABLE, raising=False)
    assert teaching.by_code("12345678") is None and store.tidy() == 0
    assert list(tmp_path.iterdir()) == []
