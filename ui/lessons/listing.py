"""All lessons in teaching order, with minutes and how far this session is."""

from __future__ import annotations

import streamlit as st

from core.lessons.lesson import Lesson
from ui.lessons import progress
from ui.lessons import view as views
from ui.shared import text
from words import _, plural

_COLUMNS = 2


def show() -> None:
    """Lessons as cards."""
    progress.say_it_is_gone()
    shelf = progress.shelf()
    for problem in (*shelf.problems, *(each for lesson in shelf.lessons for each in views.problems(lesson))):
        st.warning(text.plain(problem))
    numbered = list(enumerate((lesson for lesson in shelf.lessons if lesson.key != progress.DRAFT), 1))
    for first in range(0, len(numbered), _COLUMNS):
        places = st.columns(_COLUMNS, gap="small")
        for place, (number, lesson) in zip(places, numbered[first : first + _COLUMNS], strict=False):
            with place, st.container(border=True, height="stretch", gap="xsmall"):
                _card(number, lesson)


def _card(number: int, lesson: Lesson) -> None:
    known = progress.kept(lesson.key)
    answered = len(progress.read(known.answers, lesson))
    begun = bool(answered) or known.step > 1
    st.markdown(f"**{number}. {text.plain(lesson.title)}**")
    st.markdown(text.plain(lesson.summary))
    st.caption(_far(lesson, known, answered))
    with st.container(horizontal=True, gap="small"):
        st.button(
            _("Go on") if begun else _("Start"),
            icon=":material/play_arrow:",
            key=f"lesson_start_{lesson.key}",
            on_click=progress.begin,
            args=(lesson.key,),
        )
        if begun:
            st.button(
                _("Start anew"),
                icon=":material/restart_alt:",
                key=f"lesson_anew_{lesson.key}",
                type="tertiary",
                on_click=progress.start_anew,
                args=(lesson.key,),
            )


def _far(lesson: Lesson, known: progress.Kept, answered: int) -> str:
    """How long it is, and how far somebody is."""
    size = {
        "minutes": minutes(lesson.minutes),
        "steps": plural("{count} step", "{count} steps", len(lesson.steps)),
        "questions": plural("{count} question", "{count} questions", lesson.questions),
    }
    if not answered and known.step == 1:
        return _("{minutes}, {steps}, {questions}", **size)
    far = {
        "step": known.step,
        "answered": answered,
        "right": sum(outcome.right for outcome in known.outcomes.values()),
    }
    return _("{minutes}, {steps}, {questions}: step {step}, {answered} answered, {right} right", **size, **far)


def minutes(count: int) -> str:
    """In words."""
    return plural("{count} minute", "{count} minutes", count)
