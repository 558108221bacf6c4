"""Where the class is, what it is asked there, and what it has answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

import numpy as np
import streamlit as st

from core.classes import answers, invitation, joining, teaching
from core.classes import own_lesson as kept_lesson
from core.classes.answers import Given, Tally
from core.classes.limits import ClassError
from core.classes.teaching import Group
from core.lessons import answers as judging
from core.lessons import wording
from core.lessons.expression import ExpressionError
from core.lessons.lesson import Lesson, Question, Step
from core.lessons.quantities import NotYetError
from ui.classes import own_lesson
from ui.classes.opening import LOOK_S
from ui.classes.settings import CLASS
from ui.lessons import progress, quantities
from ui.lessons import view as views
from ui.lessons.settings import LIST
from ui.shared import charts, controls, state, text, warmup
from viz import answer_bars
from words import _, language

_SAID = "_teach_lead_said"
# numbers of a large class may be as many as pupils: the ones given most often are shown
_MOST_BARS = 10
_LONGEST = 70


def show(group: Group) -> None:
    """All of it."""
    if said := st.session_state.pop(_SAID, ""):
        st.warning(text.plain(said))
    try:
        own_lesson.lend(group)
    except ClassError as error:
        st.warning(text.plain(str(error)))
    lessons = {lesson.key: lesson for lesson in progress.shelf().lessons if lesson.key != progress.DRAFT}
    if not lessons:
        st.info(_("There is no lesson here to lead through."))
        return
    if group.lesson in lessons and not state.get("teach_lesson"):
        st.session_state["teach_lesson"], st.session_state["teach_step"] = group.lesson, group.step
    key = controls.pick("teach_lesson", _("Lesson"), list(lessons), lambda each: lessons[each].title)
    lesson = lessons[key]
    at = min(state.get("teach_step") or 1, len(lesson.steps))
    _where(group, lessons, lesson, at)
    _ways(group, lesson, at)
    _step(group, lesson, at)
    own_lesson.upload(group)


def _where(group: Group, lessons: dict[str, Lesson], lesson: Lesson, at: int) -> None:
    if not group.leads:
        st.caption(_(":material/directions_walk: Everybody goes at their own pace."))
    elif (group.lesson, group.step) == (lesson.key, at):
        st.caption(_(":material/groups: The whole class is at this step."))
    else:
        title = lessons[group.lesson].title if group.lesson in lessons else group.lesson
        said = _(
            ":material/groups: The class is at step {step} of {lesson}.", step=group.step, lesson=text.plain(title)
        )
        st.caption(said)


def _ways(group: Group, lesson: Lesson, at: int) -> None:
    """While the class is led, a step forward is one for all: one press, and thirty windows follow."""
    here = group.leads and (group.lesson, group.step) == (lesson.key, at)
    go = _move if here else _look_at
    with st.container(horizontal=True, gap="small"):
        st.button(
            _("Back, all") if here else _("Back"),
            icon=":material/chevron_left:",
            key="teach_back",
            on_click=go,
            args=(group, lesson, at - 1),
            disabled=at == 1,
        )
        st.button(
            _("Next, all") if here else _("Next"),
            icon=":material/chevron_right:",
            key="teach_next",
            on_click=go,
            args=(group, lesson, at + 1),
            disabled=at == len(lesson.steps),
        )
        st.button(
            _("All here again") if here else _("Move all here"),
            icon=":material/groups:",
            key="teach_move",
            on_click=_move,
            args=(group, lesson, at),
            help=_("Brings back who went elsewhere.") if here else _("Every pupil's window opens this step."),
        )
        if group.leads:
            st.button(
                _("Let go"),
                icon=":material/directions_walk:",
                key="teach_let_go",
                on_click=_trying,
                args=(lambda: teaching.let_go(group),),
                help=_("Everybody goes on at their own pace."),
            )


def _look_at(group: Group, lesson: Lesson, at: int) -> None:
    # on the wall the next step begins without them
    state.put({"teach_lesson": lesson.key, "teach_step": at, "teach_names": False})


def _move(group: Group, lesson: Lesson, at: int) -> None:
    if _trying(lambda: teaching.move(group, lesson.key, at)):
        _look_at(group, lesson, at)


def _trying(action: Callable[[], object]) -> bool:
    try:
        action()
    except ClassError as error:
        st.session_state[_SAID] = str(error)
        return False
    return True


# -- the step ------------------------------------------------------------------------------------------------------


def _step(group: Group, lesson: Lesson, at: int) -> None:
    step = lesson.steps[at - 1]
    title = _("{step} of {steps}: {title}", step=at, steps=len(lesson.steps), title=text.plain(step.title))
    st.header(title, anchor=False)
    st.link_button(
        _("Open this step for yourself"), _link(group, lesson, at), icon=":material/open_in_new:", type="tertiary"
    )
    if step.question is None:
        st.markdown(wording.blanked(step.text))
        st.caption(_("This step asks nothing: pupils read, and look."))
        return
    with st.expander(_("What the step says"), key="teach_text"):
        st.markdown(wording.blanked(step.text) or _("Nothing but the question."))
    st.markdown(wording.blanked(step.question.text))
    with st.container(horizontal=True, gap="medium"):
        # of this step only: the next one begins with its answer hidden
        shown = st.toggle(_("Show the answer"), key=f"teach_shown_{lesson.key}_{at}")
        named = controls.flag("teach_names", _("Names"), _("Who gave a name stands behind their answer."))
    truth = _truth(step, step.question) if shown else None
    _bars(group, lesson.key, at, step.question, truth, shown, named)


def _link(group: Group, lesson: Lesson, at: int) -> str:
    """To the step, outside of the class unless the lesson lies in it, in the language of this window."""
    inside = {CLASS: group.code} if kept_lesson.is_key(lesson.key) else {}
    there = urlencode({"lesson": lesson.key, "lesson_step": at, state.LANGUAGE: language(), **inside})
    return f"{invitation.beside(st.context.url or 'http://localhost/teach', LIST)}?{there}"


def _truth(step: Step, question: Question) -> str:
    """What is right on the view as the step opens it, in words; why it cannot be said yet where it cannot."""
    try:
        view = views.parse(step.view) if step.view else views.current()
        return judging.right_answer(question, quantities.of(view))
    except NotYetError as missing:
        if not warmup.ready():
            warmup.wait_for_tensorflow(_("The answer comes in some seconds."))
        else:
            st.caption(text.plain(str(missing)))
    except (ExpressionError, views.ViewError) as error:
        st.caption(text.plain(str(error)))
    return ""


@st.fragment(run_every=LOOK_S)
def _bars(group: Group, lesson: str, at: int, question: Question, truth: str | None, shown: bool, named: bool) -> None:
    try:
        found = answers.given(group, lesson, at)
        names = joining.names(group)
    except ClassError as error:
        st.warning(text.plain(str(error)))
        return
    st.markdown(_how_many(question, len(found), len(names)))
    if truth:
        st.markdown(_right(question, truth))
    every = _rows(question, found, truth)
    rows = sorted(sorted(every, key=lambda row: -row.count)[:_MOST_BARS], key=every.index)
    if not rows:
        return
    counts = np.array([row.count for row in rows])
    # what is done is no secret
    open_ = shown or question.kind == "do"
    bars = answer_bars.answers([row.answer for row in rows], counts, _correct(rows) if open_ else None)
    charts.show(bars, key="teach_bars")
    if len(every) > len(rows):
        st.caption(_("The {shown} answers that were given most often, of {count}.", shown=_MOST_BARS, count=len(every)))
    if named:
        _named(rows, names)


def _how_many(question: Question, count: int, members: int) -> str:
    if question.kind == "do":
        return _("**{count}** of {members} have pressed Check.", count=count, members=members)
    return _("**{count}** of {members} have answered.", count=count, members=members)


def _right(question: Question, truth: str) -> str:
    """truth: what is right, in words."""
    if question.kind == "do":
        return _("It is {truth}.", truth=truth)
    return _(":material/check_circle: It is: **{truth}**", truth=truth)


def _correct(rows: list[Tally]) -> np.ndarray:
    return np.array([row.correct for row in rows])


def _rows(question: Question, found: list[Given], truth: str | None) -> list[Tally]:
    """The bars, each answer in words. truth: what is right, in words; None while that is not to be seen."""
    if question.kind == "do":
        done, others = ([each.pupil for each in found if bool(each.correct) is right] for right in (True, False))
        return [
            Tally(_("Done"), len(done), len(done), tuple(done)),
            Tally(_("Not yet"), len(others), 0, tuple(others)),
        ]
    return [replace(each, answer=_label(question, each, truth)) for each in answers.tally(found, _choices(question))]


def _choices(question: Question) -> tuple[str, ...]:
    if question.kind != "choice":
        return ()
    return tuple(judging.as_text(question, place) for place in range(len(question.replies)))


def _label(question: Question, tally: Tally, truth: str | None) -> str:
    """The answer in words, with a tick where it is right: colour alone does not tell everybody."""
    if question.kind == "choice":
        said = question.replies[_choices(question).index(tally.answer)].label
        # where a step keeps what is the learner's own, more than one may be right
        right = truth is not None and (said == truth or tally.correct > 0)
    else:
        number = float(tally.answer)
        said = judging.with_unit(question, wording.shown(int(number) if number.is_integer() else number))
        right = truth is not None and tally.correct > 0
    said = said.replace("**", "").replace("`", "")
    said = said if len(said) <= _LONGEST else f"{said[: _LONGEST - 1]}…"
    return f"✓ {said}" if right else said


def _named(rows: list[Tally], names: dict[int, str]) -> None:
    for row in rows:
        given = [text.plain(names[pupil]) for pupil in row.pupils if names.get(pupil)]
        without = row.count - len(given)
        who = [*given, *([_("{count} without a name", count=without)] if without else [])]
        if who:
            st.markdown(f"**{text.plain(row.answer)}**: {', '.join(who)}")
