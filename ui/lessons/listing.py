"""All lessons in teaching order, with minutes and how far this session is; plans; sheets of paper."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.lessons.lesson import Lesson, Plan, address
from ui.lessons import progress
from ui.lessons import view as views
from ui.shared import text
from words import N_, _, language, plural, using

_COLUMNS = 2
# for an evaluation that a sheet of answers needs
_PATIENCE_S = 120.0


def show() -> None:
    """Lessons as cards, plans below them."""
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
    for plan in shelf.plans:
        _plan(plan, {lesson.key: lesson for lesson in shelf.lessons})


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
        with st.popover(_("On paper"), icon=":material/print:"):
            _paper(lesson)


def _far(lesson: Lesson, known: progress.Kept, answered: int) -> str:
    """How long it is, and how far somebody is."""
    size = {
        "minutes": _minutes(lesson.minutes),
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


def _minutes(count: int) -> str:
    return plural("{count} minute", "{count} minutes", count)


# -- on paper: a sheet is made when somebody asks for it, not with every look at the list, in a thread that knows
# nothing of the session: the language is taken along -----------------------------------------------------------


def _paper(lesson: Lesson) -> None:
    st.download_button(
        _("Worksheet"),
        partial(_worksheet, lesson, language()),
        f"{lesson.key}.html",
        "text/html",
        key=f"lesson_sheet_{lesson.key}",
        icon=":material/edit_note:",
        on_click="ignore",
        help=_("Every question with room for a guess. Open it in a browser and print it."),
    )
    st.download_button(
        _("Answers"),
        partial(_answers, lesson, language()),
        f"{lesson.key}-answers.html",
        "text/html",
        key=f"lesson_answers_{lesson.key}",
        icon=":material/fact_check:",
        on_click="ignore",
        help=_("What is right, computed now, and what to say to likely mistakes. Some take a moment."),
    )


def _worksheet(lesson: Lesson, spoken: str) -> str:
    from core.lessons import sheet
    from ui.lessons import quantities

    with using(spoken):
        return sheet.worksheet(lesson, quantities.for_paper(lesson))


def _answers(lesson: Lesson, spoken: str) -> str:
    from core.lessons import sheet
    from ui.lessons import quantities

    with using(spoken):
        return sheet.answer_sheet(lesson, quantities.for_paper(lesson, _PATIENCE_S))


def _plan_sheet(plan: Plan, spoken: str) -> str:
    from core.lessons import sheet

    with using(spoken):
        return sheet.plan_sheet(plan, progress.language())


# -- plans -----------------------------------------------------------------------------------------------------


def _plan(plan: Plan, lessons: dict[str, Lesson]) -> None:
    st.header(text.plain(plan.title), anchor=False)
    st.markdown(text.plain(plan.summary))
    start = 0
    with st.container(border=True, gap="small"):
        for part in plan.parts:
            named = lessons.get(part.lesson)
            about = {"title": f"**{start}′ {text.plain(part.title)}**", "minutes": _minutes(part.minutes)}
            missing = part.lesson and not named
            said = N_("{title}, {minutes} (the lesson {lesson} is missing)") if missing else N_("{title}, {minutes}")
            st.markdown(_(said, **about, lesson=text.plain(part.lesson)))
            if named:
                st.caption(_("`{address}` behind this server's name opens it.", address=address(named.key)))
            if part.text:
                st.markdown(part.text)
            start += part.minutes
    st.download_button(
        _("Plan on paper"),
        partial(_plan_sheet, plan, language()),
        f"{plan.key}.html",
        "text/html",
        key=f"lesson_plan_{plan.key}",
        icon=":material/print:",
        on_click="ignore",
    )
