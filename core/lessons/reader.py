"""Lessons and plans from their files: Markdown with a small front matter and a few lines that begin with @.

    ---
    title: Stride, padding, shapes
    summary: Where height and width of a map come from.
    minutes: 7
    ---

    ## Without padding
    @view /conv2d?net=Conv2D 8 5 valid - Flatten - Dense 10 softmax
    A kernel of 5×5 must lie inside the picture of 28×28.

    @ask number, rows
    How many rows has each map?
    @right output_shape[0]
    Yes: 28 − 5 + 1.
    @wrong input_shape[0]
    That is the picture.
    @otherwise
    Count the places where the kernel's upper edge can be.
    @after
    Turn **Kernel size** and see.

A reader of our own, for two dozen lines of grammar: a library for YAML would read the four lines of the front matter
and nothing of the rest. `lesson` says what the parts mean; README, “Lessons of your own”, says it to teachers.
"""

from __future__ import annotations

import re

from core.lessons import questions
from core.lessons.blocks import Block, FaultError, check_text, check_words, opened, sections
from core.lessons.lesson import MOST_STEPS, Lesson, LessonError, Part, Plan, Step
from words import N_, _

MOST_MINUTES = 90
_LESSON_FIELDS = ("title", "summary", "minutes")
_PLAN_FIELDS = ("title", "summary")
_BEFORE_ASK = ("view", "keep", "ask")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def _at(source: str, fault: FaultError) -> str:
    return _("{file}, line {line}: {fault}", file=source, line=fault.line, fault=fault)


def lesson(text: str, source: str, key: str, language: str) -> Lesson:
    """The lesson that a file holds. source: what to call the file in errors. Raises LessonError."""
    try:
        known, body = opened(text, _LESSON_FIELDS)
        steps = tuple(_step(blocks) for blocks in sections(body))
        if not 0 < len(steps) <= MOST_STEPS:
            raise FaultError(
                1,
                _(
                    "A lesson has from 1 to {most} steps, each below a line ## Title; here are {count}.",
                    most=MOST_STEPS,
                    count=len(steps),
                ),
            )
        return Lesson(key, language, known["title"][0], known["summary"][0], _minutes(*known["minutes"]), steps, source)
    except FaultError as fault:
        raise LessonError(_at(source, fault)) from fault


def plan(text: str, source: str, key: str) -> Plan:
    """The plan that a file holds: a heading a part, `## 10 Title`, and a line `@lesson key` where it is a lesson.

    Raises LessonError.
    """
    try:
        known, body = opened(text, _PLAN_FIELDS)
        parts = tuple(_part(blocks) for blocks in sections(body))
        if not parts:
            raise FaultError(1, _("A plan needs at least one part below a line such as ## 10 Pooling, and has none."))
        return Plan(key, known["title"][0], known["summary"][0], parts, source)
    except FaultError as fault:
        raise LessonError(_at(source, fault)) from fault


def _minutes(said: str, line: int) -> int:
    if not said.isdecimal() or not 1 <= int(said) <= MOST_MINUTES:
        raise FaultError(
            line, _("minutes is a whole number from 1 to {most}, not “{given}”.", most=MOST_MINUTES, given=said[:20])
        )
    return int(said)


def _step(blocks: list[Block]) -> Step:
    title, *rest = blocks
    if not title.said:
        raise FaultError(title.line, _("A step needs a title behind ##."))
    at = next((place for place, block in enumerate(rest) if block.word == "ask"), len(rest))
    before, asked = rest[:at], rest[at:]
    check_words(before, _BEFORE_ASK, N_("Before @ask there can be {words}; here is @{word}."))
    named = {block.word: block for block in before}
    # the text of a step goes on below its @view
    text = "\n\n".join(block.text for block in (title, *before) if block.text)
    check_text(text, title.line)
    question = questions.question(asked) if asked else None
    view = named.get("view")
    if question and question.covers and not (view and view.said):
        raise FaultError(question.line, _("A question that is asked before the picture needs a line @view above it."))
    return Step(title.said, text, view.said if view else "", _kept(named.get("keep")), question, title.line)


def _kept(block: Block | None) -> tuple[str, ...]:
    if block is None:
        return ()
    names = tuple(block.said.replace(",", " ").split())
    if not names or not all(_NAME.fullmatch(name) for name in names):
        raise FaultError(block.line, _("@keep is followed by the settings that stay as they are, such as @keep drawn."))
    return names


def _part(blocks: list[Block]) -> Part:
    heading, *rest = blocks
    minutes, _space, title = heading.said.partition(" ")
    if not minutes.isdecimal() or not title.strip():
        raise FaultError(
            heading.line,
            _(
                "A part of a plan is ## minutes title, such as ## 10 Pooling; here is “{line}”.",
                line=heading.said[:40],
            ),
        )
    check_words(rest, ("lesson",), N_("In a plan there can be {words}; here is @{word}."))
    text = "\n\n".join(block.text for block in blocks if block.text)
    return Part(title.strip(), _minutes(minutes, heading.line), text, rest[0].said if rest else "")
