"""Where the class is, what it is asked there, and what it has answered."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import streamlit as st

from core.classes import invitation, teaching
from core.classes import own_lesson as kept_lesson
from core.classes.limits import ClassError
from core.classes.teaching import Group
from core.lessons import answers as judging
from core.lessons import wording
from core.lessons.expression import ExpressionError
from core.lessons.lesson import Lesson, Question, Step
from core.lessons.quantities import NotYetError
from ui.classes import answered, own_lesson
from ui.classes.settings import CLASS
from ui.lessons import progress, quantities
from ui.lessons import view as views
from ui.lessons.settings import LIST
from ui.shared import controls, present, state, text, warmup
from words import _, language

_SAID = "_teach_lead_said"


def show(group: Group) -> None:
    """All of it."""
    if said := st.session_state.pop(_SAID, ""):
        st.warning(text.plain(said))
    if not (lessons := _lessons(group)):
        st.info(_("There is no lesson here to lead through."))
        return
    if present.on():  # what is for the room comes first, and what is for the teacher is folded away below it
        lesson = lessons.get(state.get("teach_lesson")) or next(iter(lessons.values()))
        at = _at(lesson)
        _question(group, lesson, at)
        with st.expander(_("Controls"), icon=":material/tune:", key="teach_controls"):
            _lead(group, lessons)
            _switches(lesson, at)
        return
    lesson = _lead(group, lessons)
    _step(group, lesson, _at(lesson))
    own_lesson.upload(group)


def _lessons(group: Group) -> dict[str, Lesson]:
    """Those that a class can be led through; where it is led already, that one is chosen."""
    try:
        own_lesson.lend(group)
    except ClassError as error:
        st.warning(text.plain(str(error)))
    lessons = {lesson.key: lesson for lesson in progress.shelf().lessons if lesson.key != progress.DRAFT}
    if group.lesson in lessons and not state.get("teach_lesson"):
        st.session_state["teach_lesson"], st.session_state["teach_step"] = group.lesson, group.step
    return lessons


def _at(lesson: Lesson) -> int:
    return min(state.get("teach_step") or 1, len(lesson.steps))


def _lead(group: Group, lessons: dict[str, Lesson]) -> Lesson:
    """Where the class is to be; returns the lesson that is chosen."""
    key = controls.pick("teach_lesson", _("Lesson"), list(lessons), lambda each: lessons[each].title)
    lesson = lessons[key]
    _where(group, lessons, lesson, _at(lesson))
    _ways(group, lesson, _at(lesson))
    return lesson


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
            shortcut=present.key("Left"),
            on_click=go,
            args=(group, lesson, at - 1),
            disabled=at == 1,
        )
        st.button(
            _("Next, all") if here else _("Next"),
            icon=":material/chevron_right:",
            key="teach_next",
            shortcut=present.key("Right"),
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
    _switches(lesson, at)
    _answered(group, lesson, at)


def _question(group: Group, lesson: Lesson, at: int) -> None:
    """For a projector: what is asked, and the bars; the text where nothing is asked."""
    step = lesson.steps[at - 1]
    place = _(
        "{code} · {lesson} · {step} of {steps}: {title}",
        code=group.spoken,
        lesson=text.plain(lesson.title),
        step=at,
        steps=len(lesson.steps),
        title=text.plain(step.title),
    )
    with st.container(key="teach_question"):
        st.caption(place)
        st.markdown(wording.blanked(step.question.text if step.question else step.text))
    if step.question:
        _answered(group, lesson, at)


def _switches(lesson: Lesson, at: int) -> None:
    if lesson.steps[at - 1].question is None:
        return
    with st.container(horizontal=True, gap="medium"):
        # of this step only: the next one begins with its answer hidden
        st.toggle(_("Show the answer"), key=_shown(lesson, at))
        controls.flag("teach_names", _("Names"), _("Who gave a name stands behind their answer."))


def _shown(lesson: Lesson, at: int) -> str:
    return f"teach_shown_{lesson.key}_{at}"


def _answered(group: Group, lesson: Lesson, at: int) -> None:
    """The bars; what is right where the switch for it is on, which may stand below them."""
    step, shown = lesson.steps[at - 1], bool(st.session_state.get(_shown(lesson, at)))
    assert step.question is not None
    truth = _truth(step, step.question) if shown else None
    answered.show(group, lesson.key, at, step.question, truth, shown, state.get("teach_names"))


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
