"""Sheets of paper from a lesson's file."""

import re

from core.lessons import reader, sheet
from core.lessons.quantities import NotYetError
from tests.core.lessons.test_answers import VIEW
from tests.core.lessons.test_reader import FILE, PLAN

LESSON = reader.lesson(FILE, "f", "k", "en")


def test_a_worksheet_asks_everything_and_tells_nothing():
    page = sheet.worksheet(LESSON, lambda number: VIEW)
    for said in ("How many rows?", "Which?", "Some (or none)", "Make it small.", "24 of them."):
        assert said in page
    for told in ("That is the picture.", "Right, 50 per cent", "Well done.", "/pooling"):
        assert told not in page
    assert page.count("Because:") == 2


def test_a_worksheet_shows_what_a_step_is_about():
    """Its digit as part of the file, and the kernel row by row."""
    seen = {1: sheet.Picture(b"PNG", "a 7"), 2: sheet.Picture(b"PNG", "a 1", (("−1", "0"), ("2", "3")))}
    page = sheet.worksheet(LESSON, lambda number: VIEW, seen.get)
    assert page.count('<img src="data:image/png;base64,UE5H" alt="a ') == 2
    assert "<tr><td>−1</td><td>0</td></tr><tr><td>2</td><td>3</td></tr>" in page
    assert "<img" not in sheet.worksheet(LESSON, lambda number: VIEW)


def test_answers_say_what_is_right_and_why():
    page = sheet.answer_sheet(LESSON, lambda number: VIEW)
    for said in (
        "It is: 24 rows",
        "whole number not below 0",
        "That is the picture.",
        "It is: Some (or none)",
        "Right, 50 per cent.",
        "/pooling?index=1",
    ):
        assert said in page


def test_what_is_to_be_done_is_told_as_it_is_once_it_is_done():
    done = FILE.replace("Well done.", "Only {output_shape[0]} rows are left.")
    lesson = reader.lesson(done, "f", "k", "en")
    (number,) = (at for at, step in enumerate(lesson.steps, 1) if step.question and step.question.kind == "do")
    page = sheet.answer_sheet(lesson, lambda at: {**VIEW, "output_shape": (4, 4, 1)} if at == -number else VIEW)
    assert "Only 4 rows are left." in page and "Only 24" not in page


def test_nobody_types_a_drawing_from_paper():
    long = FILE.replace("/pooling?index=1", f"/predict?drawn={'Y2' * 60}")
    page = sheet.answer_sheet(reader.lesson(long, "f", "k", "en"), lambda number: VIEW)
    assert "drawn=" not in page and "One way" not in page


def test_what_is_not_there_yet_is_said_and_leaves_a_gap():
    def missing(number):
        raise NotYetError("Train first.")

    assert "____ of them" in sheet.worksheet(LESSON, missing)
    assert "It depends: Train first." in sheet.answer_sheet(LESSON, missing)


def test_a_sheet_loads_nothing_and_runs_nothing():
    lesson = reader.lesson(
        FILE.replace("Some words,", "<script>alert(1)</script>").replace("title: Shapes", "title: <i>Shapes</i>"),
        "f",
        "k",
        "en",
    )
    for page in (
        sheet.worksheet(lesson),
        sheet.worksheet(lesson, pictures=lambda number: sheet.Picture(b"PNG", "a <b>7</b>", (("0", "<1>"),))),
        sheet.answer_sheet(lesson, lambda number: VIEW),
        sheet.plan_sheet(reader.plan(PLAN, "f", "p"), "en"),
    ):
        assert not any(told in page for told in ("<script", "<i>Shapes", "<b>7", "<1>"))
        assert not re.search(r"""(?:src|href)\s*=(?!"data:image/png;base64,)|url\(|@import""", page)


def test_a_plan_on_paper_says_when_and_where():
    page = sheet.plan_sheet(reader.plan(PLAN, "f", "p"), "en")
    assert "<td>0′</td><td>10</td>" in page and "<td>10′</td><td>80</td>" in page
    assert "/lessons?lesson=shapes" in page
