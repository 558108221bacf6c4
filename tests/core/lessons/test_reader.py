"""A file becomes a lesson; a file that is none is told so, with its line."""

import pytest

from core.lessons import reader
from core.lessons.lesson import LessonError
from core.lessons.ranges import Range

FILE = """---
title: Shapes
summary: Where they come from.
minutes: 7
---

## First
@view /conv2d?index=3
@keep drawn
Some words,
{output_shape[0]} of them.

@ask number, rows
How many rows?
@right output_shape[0] ± 2
Yes.
@wrong input_shape[0]
That is the picture.
@otherwise
Count.
@after
Look.

## Second
@view /conv2d
@ask choice, open
Which?
@option All :: zeros == 1
No.
@option Some (or none) :: zeros < 1
Right, {100 * zeros:.0f} per cent.

## Third
Only words, with code:

```
@view this is code
## and so is this
```

## Fourth
@ask do
Make it small.
@right output_shape[0] < 5
Well done.
@solution /pooling?index=1
"""


def read(text=FILE):
    return reader.lesson(text, "en/shapes.md", "shapes", "en")


def test_front_matter_and_steps():
    lesson = read()
    assert (lesson.title, lesson.summary, lesson.minutes) == ("Shapes", "Where they come from.", 7)
    assert [step.title for step in lesson.steps] == ["First", "Second", "Third", "Fourth"]
    assert lesson.questions == 3
    assert [step.view for step in lesson.steps] == ["/conv2d?index=3", "/conv2d", "", ""]
    assert lesson.steps[0].keep == ("drawn",)
    assert lesson.steps[0].text == "Some words,\n{output_shape[0]} of them."


def test_a_number_has_its_unit_and_how_near_is_near():
    question = read().steps[0].question
    assert (question.kind, question.unit, question.tolerance) == ("number", "rows", 2)
    assert question.right.when.text == "output_shape[0]"
    assert [(reply.when.text, reply.text) for reply in question.replies] == [("input_shape[0]", "That is the picture.")]
    assert (question.otherwise, question.after) == ("Count.", "Look.")
    assert question.covers


def test_which_numbers_can_be_an_answer_follows_from_what_is_asked():
    assert read().steps[0].question.between == Range(0, whole=True)
    narrower = FILE.replace("@wrong input_shape[0]", "@between 0 30\n@wrong input_shape[0]")
    assert read(narrower).steps[0].question.between == Range(0, 30, whole=True)


def test_a_choice_has_its_answers():
    question = read().steps[1].question
    assert [reply.label for reply in question.replies] == ["All", "Some (or none)"]
    assert question.replies[0].when.text == "zeros == 1"
    assert question.open and not question.covers


def test_code_is_text_whatever_is_in_it():
    step = read().steps[2]
    assert "@view this is code\n## and so is this" in step.text and step.question is None


def test_what_is_to_be_done_shows_the_page():
    question = read().steps[3].question
    assert not question.covers and question.solution == "/pooling?index=1"


def test_lines_of_windows_and_a_mark_at_the_start_change_nothing():
    assert read("\ufeff" + FILE.replace("\n", "\r\n")) == read()


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("---\ntitle", "title", 1, "---"),
        ("minutes: 7", "minutes: soon", 4, "whole number"),
        ("minutes: 7", "minutes: 0", 4, "from 1"),
        ("minutes: 7\n", "", 4, "minutes"),
        ("title: Shapes", "colour: red", 2, "title"),
        ("summary: Where they come from.", "summary:", 3, "summary"),
        ("## First", "Words\n## First", 7, "## Title"),
        ("## First", "## ", 7, "title"),
        ("@view /conv2d?index=3\n", "", 12, "@view"),
        ("@view /conv2d?index=3", "@veiw /conv2d?index=3", 8, "@veiw"),
        ("@view /conv2d?index=3", "@view /conv2d\n@view /pooling", 9, "again"),
        ("@keep drawn", "@keep", 9, "@keep"),
        ("{output_shape[0]} of them", "{output_shap[0]} of them", 7, "output_shap"),
        ("@ask number, rows", "@ask riddle", 13, "riddle"),
        ("@ask number, rows", "@ask number, rows, columns", 13, "unit"),
        ("How many rows?\n", "", 13, "question"),
        ("output_shape[0] ± 2", "output_shape[0] ± much", 15, "±"),
        ("output_shape[0] ± 2", "output_shape[0] ± -1", 15, "±"),
        ("output_shape[0] ± 2", "__import__('os')", 15, "function"),
        ("@right output_shape[0] ± 2\nYes.\n", "", 13, "@right"),
        ("@wrong input_shape[0]\nThat is the picture.", "@wrong input_shape[0]", 17, "@wrong"),
        ("@otherwise", "@between 9\n@otherwise", 19, "Two numbers"),
        ("@otherwise", "@between 9 8\n@otherwise", 19, "Two numbers"),
        ("@wrong input_shape[0]", "@wrong 3.5", 17, "whole number"),
        ("@right output_shape[0] < 5", "@between 0 5\n@right output_shape[0] < 5", 44, "@between"),
        ("@option All :: zeros == 1", "@option All", 28, "::"),
        ("@option All :: zeros == 1\nNo.\n", "", 26, "from 2"),
        ("@right output_shape[0] < 5", "@right output_shape[0] < 5 ± 1", 44, "±"),
        ("@solution /pooling?index=1\n", "", 42, "@solution"),
        ("@right output_shape[0] < 5", "@option A :: True", 44, "@option"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(old, new, line, words):
    assert FILE.count(old) >= 1
    with pytest.raises(LessonError) as caught:
        read(FILE.replace(old, new, 1))
    assert str(caught.value).startswith(f"en/shapes.md, line {line}: ")
    assert words in str(caught.value)


@pytest.mark.parametrize("text", ["", "---", "no lesson at all", FILE.split("## First")[0], "x" * 100_000])
def test_what_is_nothing_like_a_lesson_is_told_so_too(text):
    with pytest.raises(LessonError, match=r"en/shapes\.md, line 1: |line 5"):
        read(text)


PLAN = "---\ntitle: Ninety\nsummary: All of it.\n---\n## 10 Begin\nDraw.\n\n## 80 Shapes\n@lesson shapes\nAlone.\n"


def test_a_plan_adds_up():
    plan = reader.plan(PLAN, "en/plan.md", "plan")
    assert plan.minutes == 90
    assert [(part.title, part.lesson, part.text) for part in plan.parts] == [
        ("Begin", "", "Draw."),
        ("Shapes", "shapes", "Alone."),
    ]


@pytest.mark.parametrize(
    ("old", "new", "line"), [("10 Begin", "Begin", 5), ("80 Shapes", "800 Shapes", 8), ("@lesson", "@step", 9)]
)
def test_a_plan_that_is_none_is_told_its_line(old, new, line):
    with pytest.raises(LessonError, match=f"line {line}: "):
        reader.plan(PLAN.replace(old, new), "en/plan.md", "plan")
