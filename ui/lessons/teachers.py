"""What lessons have for teachers, behind a line that opens: plans, worksheets, and the answers to them.

Pupils who joined a class do not see it: the answers stand there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.lessons.lesson import Lesson, Plan, address
from ui.classes.settings import CLASS
from ui.lessons import progress, settings
from ui.lessons.listing import minutes
from ui.shared import navigation, state, text
from words import N_, _, language, using

# for an evaluation that a sheet of answers needs
_PATIENCE_S = 120.0


def show() -> None:
    """One line; nothing in a class."""
    if not state.get(CLASS):
        _folded()


def link() -> None:
    """From a teacher's page to what stands here."""
    navigation.link(
        settings.LIST,
        _("The plan of ninety minutes, worksheets and answers"),
        icon=":material/print:",
        more={settings.TEACHERS: state.to_text(True)},
    )


@st.fragment
def _folded() -> None:
    opened = state.get(settings.TEACHERS)
    panel = st.expander(
        _("For teachers"),
        expanded=opened,
        icon=":material/co_present:",
        key=f"lessons_for_teachers_{opened}",
        on_change="rerun",
    )
    if panel.open:
        with panel:
            navigation.link("teach", _("Open a class, lead it, see its answers and drawings"))
            shelf = progress.shelf()
            lessons = [lesson for lesson in shelf.lessons if lesson.key != progress.DRAFT]
            _sheets(lessons)
            for plan in shelf.plans:
                _plan(plan, {lesson.key: lesson for lesson in lessons})


# -- on paper: a sheet is made when somebody asks for it, not with every look at the list, in a thread that knows
# nothing of the session: the language is taken along -----------------------------------------------------------


def _sheets(lessons: list[Lesson]) -> None:
    st.header(_("On paper"), anchor=False)
    st.markdown(
        _(
            "A worksheet has every question with room for a guess; the answers are computed when you press, and some "
            "take a moment. Open the file in a browser and print it."
        )
    )
    for number, lesson in enumerate(lessons, 1):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.markdown(f"{number}. {text.plain(lesson.title)}", width=320)
            _paper(lesson)


def _paper(lesson: Lesson) -> None:
    worksheet, answers = (partial(make, lesson, language()) for make in (_worksheet, _answers))
    _download(_("Worksheet"), worksheet, lesson.key, f"lesson_sheet_{lesson.key}", "edit_note")
    _download(_("Answers"), answers, f"{lesson.key}-answers", f"lesson_answers_{lesson.key}", "fact_check")


def _download(label: str, make: Callable[[], str], name: str, key: str, icon: str) -> None:
    """name: of the file, without its ending; key: of the button."""
    st.download_button(label, make, f"{name}.html", "text/html", key=key, icon=f":material/{icon}:", on_click="ignore")


def _worksheet(lesson: Lesson, spoken: str) -> str:
    from core.lessons import sheet
    from ui.lessons import paper, quantities

    with using(spoken):
        return sheet.worksheet(lesson, quantities.for_paper(lesson), paper.of_lesson(lesson))


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
            about = {"title": f"**{start}′ {text.plain(part.title)}**", "minutes": minutes(part.minutes)}
            missing = part.lesson and not named
            said = N_("{title}, {minutes} (the lesson {lesson} is missing)") if missing else N_("{title}, {minutes}")
            st.markdown(_(said, **about, lesson=text.plain(part.lesson)))
            if named:
                st.caption(_("`{address}` behind this server's name opens it.", address=address(named.key)))
            if part.text:
                st.markdown(part.text)
            start += part.minutes
    make = partial(_plan_sheet, plan, language())
    _download(_("Plan on paper"), make, plan.key, f"lesson_plan_{plan.key}", "print")
