"""All lessons in teaching order, with minutes and how far this session is."""

from __future__ import annotations

import streamlit as st

from core.lessons.lesson import Lesson
from ui.lessons import progress
from ui.shared import text


def show() -> None:
    """A card a lesson."""
    shelf = progress.shelf()
    for problem in shelf.problems:
        st.warning(text.plain(problem))
    for number, lesson in enumerate(shelf.lessons, 1):
        _card(number, lesson)


def _card(number: int, lesson: Lesson) -> None:
    known = progress.kept(lesson.key)
    answered = len(progress.read(known.answers, lesson))
    with st.container(border=True, gap="xsmall"):
        words, button = st.columns([5, 2], gap="medium", vertical_alignment="center")
        with words:
            st.markdown(f"**{number}. {text.plain(lesson.title)}** · {lesson.minutes} minutes")
            st.caption(text.plain(lesson.summary))
            st.caption(_far(lesson, known, answered))
        with button:
            begun = answered or known.step > 1
            st.button(
                "Go on" if begun else "Start",
                icon=":material/play_arrow:",
                key=f"lesson_start_{lesson.key}",
                on_click=progress.begin,
                args=(lesson.key,),
                width="stretch",
            )


def _far(lesson: Lesson, known: progress.Kept, answered: int) -> str:
    steps = f"{len(lesson.steps)} steps, {lesson.questions} questions"
    if not answered and known.step == 1:
        return steps
    right = sum(outcome.right for outcome in known.outcomes.values())
    return f"{steps}: step {known.step}, {answered} answered, {right} right"
