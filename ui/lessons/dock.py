"""The lesson beside the page: a step's words, its question (`answering`), and the ways on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.lessons import wording
from core.lessons.expression import ExpressionError
from core.lessons.lesson import Lesson, Step
from core.lessons.names import KNOWN
from core.lessons.quantities import NotYetError
from ui.classes import gate as classes
from ui.lessons import answering, cover, in_sight, memory, progress, quantities, settings
from ui.lessons import view as views
from ui.shared import aloud, navigation, present, text
from words import _

_SHARE = (4, 9)


@contextmanager
def beside(lesson: Lesson | None) -> Iterator[bool]:
    """The dock on the left where a lesson is open, above on a phone, and the place for the page; gives whether that is
    covered. lesson: None where the link's is not here."""
    if lesson is None:
        progress.say_it_is_gone()
        yield False
        return
    left, right = st.columns(_SHARE, gap="medium")
    # ui/server/deep_links.py keeps what has this key in sight
    with left, st.container(key="lesson_dock"):
        show(lesson)
    with right:
        # a place of its own for the card: it goes at once, and not only when the page below is complete
        card, covered = st.empty(), cover.covers(lesson)
        if covered:
            with card.container():
                cover.show(lesson)
        yield covered


def show(lesson: Lesson) -> None:
    """All of it."""
    at, step = progress.number(lesson), progress.step(lesson)
    with st.expander(_title(lesson, at), expanded=True, key="lesson_fold"):
        st.progress(at / len(lesson.steps))
        st.header(text.plain(step.title), anchor=False)
        memory.offer(lesson)
        try:
            _body(lesson, at, step)
        except (views.ViewError, ExpressionError) as error:
            st.error(_("This step is not as it should be. {problem}", problem=text.plain(str(error))))
        _ways(lesson, at, step)
    memory.keep(lesson)
    in_sight.keep(lesson, at)
    aloud.show("lesson_next", "lesson_result")


def _body(lesson: Lesson, at: int, step: Step) -> None:
    view = views.with_kept(views.parse(step.view), step.keep) if step.view else views.current()
    if step.text:
        _say(step.text, view)
    if step.question is None:
        return
    with st.container(border=True, gap="small"):
        _say(step.question.text, view)
        given = progress.answered(lesson).get(at)
        if given is None:
            answering.ask(lesson, at, step.question)
        else:
            answering.compare(lesson, at, step.question, given, view)


def _say(said: str, view: views.View) -> None:
    """A text with its numbers."""
    if not wording.gaps(said, KNOWN):
        st.markdown(wording.filled(said, {}, KNOWN))
        return
    try:
        st.markdown(wording.filled(said, quantities.of(view), KNOWN))
    except NotYetError as missing:
        answering.not_yet(missing)


# -- the ways on ---------------------------------------------------------------------------------------------------


def _ways(lesson: Lesson, at: int, step: Step) -> None:
    if _away(step) and not (cover.covers(lesson)):
        st.button(
            # where something is to be done, what is changed is the learner's work
            _("Set the page back") if _is_work(step) else _("Back to the lesson"),
            icon=":material/my_location:",
            key="lesson_back_to",
            help=_("The page and its settings as this step has them."),
            on_click=progress.go,
            args=(at,),
        )
    if classes.led(lesson.key, at):
        st.caption(_(":material/groups: Your teacher leads, and brings the class to the next step."))
        return
    with st.container(horizontal=True, gap="small"):
        st.button(
            _("Back"),
            icon=":material/chevron_left:",
            key="lesson_previous",
            shortcut=present.key("Left"),
            on_click=_turn,
            args=(lesson, at - 1),
            disabled=at == 1,
        )
        if at < len(lesson.steps):
            st.button(
                _("Next"),
                icon=":material/chevron_right:",
                key="lesson_next",
                shortcut=present.key("Right"),
                on_click=_turn,
                args=(lesson, at + 1),
            )
        st.button(
            _("Leave"),
            icon=":material/close:",
            key="lesson_leave",
            on_click=progress.leave,
            help=_("The page stays as it is; Lessons leads back here."),
        )
    if at == len(lesson.steps):
        _end(lesson)


def _turn(lesson: Lesson, at: int) -> None:
    progress.go(at)
    now = progress.step(lesson)
    aloud.say(f"{_title(lesson, progress.number(lesson))}. {text.plain(now.title)}.")


def _title(lesson: Lesson, at: int) -> str:
    return _("{lesson} · {step} of {steps}", lesson=text.plain(lesson.title), step=at, steps=len(lesson.steps))


def _away(step: Step) -> bool:
    """Whether page or settings are not those of the step."""
    if not step.view:
        return False
    try:
        return not views.is_open(views.parse(step.view), step.keep)
    except views.ViewError:
        return False


def _is_work(step: Step) -> bool:
    """Whether the page on screen is the one on which this step asks for something to be done."""
    return bool(step.question and step.question.kind == "do") and views.parse(step.view).page == views.page_key()


def _end(lesson: Lesson) -> None:
    """The way to the next lesson."""
    lessons = progress.shelf().lessons
    keys = [each.key for each in lessons]
    after = lessons[keys.index(lesson.key) + 1 :][:1]
    for following in after:
        st.button(
            _("Next lesson: {title}", title=text.plain(following.title)),
            icon=":material/school:",
            key="lesson_following",
            on_click=progress.begin,
            args=(following.key,),
        )
    navigation.link(settings.LIST, _("All lessons"))
