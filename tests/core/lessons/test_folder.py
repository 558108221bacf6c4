"""Where lessons lie, and what a teacher's folder adds."""

import pytest

import words
from core.lessons import folder
from tests.core.lessons.test_reader import FILE, PLAN


@pytest.fixture
def own(tmp_path, monkeypatch):
    monkeypatch.setenv("LAYER_LAB_LESSONS", str(tmp_path))
    return tmp_path


def test_every_shipped_file_is_a_lesson_or_a_plan():
    found = folder.shelf()
    files = list((folder.SHIPPED / "en").glob("*.md"))
    assert not found.problems
    assert len(found.lessons) + len(found.plans) == len(files)


def test_shipped_lessons_have_the_length_that_they_promise():
    for lesson in folder.shelf().lessons:
        assert 5 <= lesson.minutes <= 10, lesson.key
        assert 4 <= len(lesson.steps) <= 8, lesson.key
        assert 2 * lesson.questions >= len(lesson.steps), lesson.key


def test_a_shipped_plan_takes_its_minutes_and_names_lessons_that_there_are():
    found = folder.shelf()
    for plan in found.plans:
        assert plan.minutes == 90
        assert {part.lesson for part in plan.parts if part.lesson} <= {lesson.key for lesson in found.lessons}


def test_own_lessons_come_first_and_take_the_place_of_shipped_ones(own):
    (own / "01-mine.md").write_text(FILE)
    (own / "02-shapes.md").write_text(FILE)
    (own / "plan-mine.md").write_text(PLAN)
    (own / "notes.txt").write_text("no lesson")
    found = folder.shelf()
    assert [lesson.key for lesson in found.lessons[:2]] == ["mine", "shapes"]
    assert found.lesson("shapes").summary == "Where they come from."
    assert [lesson.key for lesson in found.lessons].count("shapes") == 1
    assert found.plans[0].key == "plan-mine"
    assert not found.problems


def test_a_folder_may_hold_languages(own):
    (own / "en").mkdir()
    (own / "ko").mkdir()
    (own / "en" / "mine.md").write_text(FILE)
    (own / "ko" / "mine.md").write_text(FILE.replace("Shapes", "모양"))
    assert folder.shelf("en").lesson("mine").title == "Shapes"
    assert folder.shelf("ko").lesson("mine").title == "모양"
    assert folder.shelf("ko").lesson("pooling").title != folder.shelf("en").lesson("pooling").title
    # better in English than not at all
    assert folder.shelf("fr").lesson("pooling") == folder.shelf("en").lesson("pooling")
    assert folder.shelf("fr").lesson("mine").title == "Shapes"


def test_every_shipped_lesson_is_there_in_every_language():
    """With the same steps, views and checks: what is not words is what it is in English."""
    english = folder.shelf()
    for language in words.LANGUAGES:
        found = folder.shelf(language)
        assert not found.problems
        assert [plan.key for plan in found.plans] == [plan.key for plan in english.plans]
        for one, other in zip(english.lessons, found.lessons, strict=True):
            assert wordless(one) == wordless(other), (language, one.key)


def wordless(lesson):
    """What a lesson asks of the program."""
    return lesson.key, lesson.minutes, [(step.view, step.keep, asked(step.question)) for step in lesson.steps]


def asked(question):
    if question is None:
        return None
    replies = [reply.when for reply in (*question.replies, *filter(None, [question.right]))]
    answers = question.kind, question.open, question.tolerance, question.between, question.solution
    return *answers, [when.text for when in replies]


def test_a_file_that_is_no_lesson_is_named_and_the_others_are_there(own):
    (own / "01-broken.md").write_text(FILE.replace("minutes: 7", "minutes: x"))
    (own / "02-binary.md").write_bytes(b"\xff\xfe\x00")
    (own / "03-mine.md").write_text(FILE)
    found = folder.shelf()
    assert found.lesson("mine")
    assert any("01-broken.md, line 4" in problem for problem in found.problems)
    assert any("02-binary.md" in problem and "UTF-8" in problem for problem in found.problems)


def test_a_changed_file_is_read_anew(own):
    path = own / "mine.md"
    path.write_text(FILE)
    assert folder.shelf().lesson("mine").title == "Shapes"
    path.write_text(FILE.replace("title: Shapes", "title: Other shapes"))
    assert folder.shelf().lesson("mine").title == "Other shapes"


def test_a_folder_that_is_not_there_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv("LAYER_LAB_LESSONS", str(tmp_path / "nowhere"))
    found = folder.shelf()
    assert found.lessons and "nowhere" in found.problems[0]
