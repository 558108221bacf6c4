"""A lesson being written: its file on the left, what becomes of it on the right, with what is right now."""

from __future__ import annotations

from importlib import import_module

import streamlit as st

from core.classes import place
from core.lessons import answers, folder, names, reader, wording
from core.lessons.expression import ExpressionError
from core.lessons.lesson import Lesson, LessonError, Question, Step
from core.lessons.quantities import NotYetError, Quantities
from core.lessons.ranges import ANY
from ui.lessons import progress, quantities, settings
from ui.lessons import view as views
from ui.shared import tables, text, warmup
from words import N_, _

_TEXT = settings.EDITED
_HEIGHT = 620
_START = N_(
    """---
title: My lesson
summary: What it is about, in one sentence.
minutes: 5
---

## The first step
@view /conv2d?net=Conv2D 4 5 valid - Flatten - Dense 10 softmax
What one has to know before the question.

@ask number, rows
How many rows has each map?
@right output_shape[0]
Yes: there are {output_shape[0]}.
@wrong input_shape[0]
That is the picture.
@otherwise
Count the places of the kernel's upper edge.
"""
)


def show() -> None:
    """Both sides, and what the numbers of a view are called."""
    write, look = st.columns(2, gap="medium")
    with write:
        _start_from()
        typed = st.text_area(_("The file"), _(_START), height=_HEIGHT, key=_TEXT, persist_state="session")
        st.caption(_("Ctrl + Enter takes it over. It stays in this window: download it before you close it."))
    with look:
        # also of what is not right yet: the bell rings
        st.download_button(
            _("Download"), typed, "my-lesson.md", "text/markdown", icon=":material/download:", on_click="ignore"
        )
        if _look(typed) and place.there():
            import_module("ui.classes.own_lesson").offer(typed)
        st.caption(
            _(
                "A file in the folder that `LAYER_LAB_LESSONS` names when the server starts is on everybody's list of "
                "lessons, and on yours for a class."
            )
        )
    with st.expander(_("The numbers of a view"), icon=":material/list:"):
        rows = [(f"`{name}`", names.said(name)) for name in names.KNOWN]
        st.markdown(tables.markdown((_("name"), _("what it is")), rows))


def _start_from() -> None:
    lessons = {each.key: each.title for each in progress.shelf().lessons if each.key != progress.DRAFT}
    st.selectbox(
        _("Start from"),
        list(lessons),
        index=None,
        key="lesson_start_from",
        format_func=lambda key: lessons.get(key, key),
        placeholder=_("a lesson that is there"),
        on_change=_copied,
    )


def _copied() -> None:
    key = st.session_state.get("lesson_start_from")
    if key and (found := folder.text(key, progress.language())):
        st.session_state[_TEXT] = found


def _look(typed: str) -> bool:
    """False where it is no lesson yet."""
    try:
        lesson = reader.lesson(typed, _("Your file"), progress.DRAFT, progress.language())
    except LessonError as error:
        st.error(text.plain(str(error)))
        return False
    st.button(_("Try it"), icon=":material/play_arrow:", key="lesson_try", on_click=progress.try_out, args=(lesson,))
    st.header(text.plain(lesson.title), anchor=False)
    st.caption(
        _(
            "{summary} {minutes} minutes, questions: {questions}.",
            summary=text.plain(lesson.summary),
            minutes=lesson.minutes,
            questions=lesson.questions,
        )
    )
    if not warmup.ready():
        warmup.wait_for_tensorflow()
        return True
    for number, step in enumerate(lesson.steps, 1):
        with st.container(border=True, gap="small"):
            st.markdown(f"**{number}. {text.plain(step.title)}**")
            _step(lesson, number, step)
    return True


def _step(lesson: Lesson, number: int, step: Step) -> None:
    """What is shown, and what would be right now; a view that is none, or a number that is missing, is said."""
    earlier = [each.view for each in lesson.steps[:number] if each.view]
    address = step.view or (earlier[-1] if earlier else "/")
    try:
        numbers = quantities.of(views.parse(address))
        if step.text:
            st.markdown(wording.filled(step.text, numbers, names.KNOWN))
        if step.question:
            st.markdown(wording.filled(step.question.text, numbers, names.KNOWN))
            _question(step.question, numbers)
    except (views.ViewError, ExpressionError) as error:
        st.error(text.plain(str(error)))
    except NotYetError as missing:
        st.info(text.plain(str(missing)), icon=":material/hourglass_top:")


def _question(question: Question, numbers: Quantities) -> None:
    if question.kind == "choice":
        for reply in question.replies:
            mark = ":material/check:" if reply.when.holds(numbers) else ":material/close:"
            st.markdown(f"{mark} {reply.label}: {wording.filled(reply.text, numbers, names.KNOWN)}")
        answers.right_answer(question, numbers)
        return
    right = question.right
    assert right is not None
    if question.kind == "number":
        st.markdown(f":material/check: **{answers.right_answer(question, numbers)}**: {_filled(right.text, numbers)}")
        for reply in question.replies:
            st.markdown(f":material/close: {wording.shown(reply.when.value(numbers))}: {_filled(reply.text, numbers)}")
        _range(question, numbers)
        return
    solved = quantities.of(views.parse(question.solution))
    if right.when.holds(numbers):
        st.warning(_("This is done already when the step begins."))
    if not right.when.holds(solved):
        st.warning(_("This should be done at the address of @solution, and is not."))
    else:
        st.markdown(f":material/check: {_filled(right.text, solved)}")


def _range(question: Question, numbers: Quantities) -> None:
    """Which numbers the page takes, and which of those that the file speaks of it does not."""
    if question.between != ANY:
        st.caption(_("Answers that the page takes: {range}", range=question.between.in_words()))
    for reply in filter(None, (question.right, *question.replies)):
        if problem := question.between.problem(float(reply.when.value(numbers))):
            st.warning(_("Line {line} can never be an answer. {problem}", line=reply.line, problem=problem))


def _filled(said: str, numbers: Quantities) -> str:
    return wording.filled(said, numbers, names.KNOWN)
