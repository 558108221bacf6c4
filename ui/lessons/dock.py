"""The lesson beside the page: a step's words, its question, and what you said beside what it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.lessons import answers, wording
from core.lessons.answers import Outcome
from core.lessons.expression import ExpressionError
from core.lessons.lesson import Lesson, Question, Step
from core.lessons.names import KNOWN
from core.lessons.quantities import NotYetError
from ui.classes import gate as classes
from ui.lessons import cover, in_sight, memory, progress, quantities, settings
from ui.lessons import view as views
from ui.shared import aloud, navigation, present, text, warmup
from words import _

_SHARE = (4, 9)
# the step that was answered a moment ago: its outcome is said, and not again each time it is shown
_ANSWERED = "_lesson_just_answered"
# of a number that is answered; larger ones are no answers, and would be as long as they like
_MOST = 1e12


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
            _ask(lesson, at, step.question)
        else:
            _compare(lesson, at, step.question, given, view)


def _say(said: str, view: views.View) -> None:
    """A text with its numbers."""
    if not wording.gaps(said, KNOWN):
        st.markdown(wording.filled(said, {}, KNOWN))
        return
    try:
        st.markdown(wording.filled(said, quantities.of(view), KNOWN))
    except NotYetError as missing:
        _not_yet(missing)


def _not_yet(missing: NotYetError) -> None:
    if not warmup.ready():
        # the page beside it says so too
        warmup.wait_for_tensorflow(_("The numbers come in some seconds."))
    else:
        st.caption(f":material/hourglass_top: {text.plain(str(missing))}")


# -- the question -----------------------------------------------------------------------------------------------


def _ask(lesson: Lesson, at: int, question: Question) -> None:
    key = f"lesson_{lesson.key}_{at}"
    if question.kind == "do":
        st.button(_("Check"), icon=":material/check:", key=f"{key}_check", on_click=_answer, args=(at, answers.DONE))
        return
    with st.form(f"{key}_form", border=False):
        if question.kind == "choice":
            labels = [reply.label for reply in question.replies]
            st.radio(_("Your answer"), range(len(labels)), index=None, format_func=labels.__getitem__, key=key)
        else:
            asked = _("Your answer, {unit}", unit=question.unit) if question.unit else _("Your answer")
            st.number_input(asked, -_MOST, _MOST, None, 1.0, "%g", key=key)
        st.form_submit_button(_("This is my answer"), icon=":material/how_to_vote:", on_click=_given, args=(at, key))
    if said := st.session_state.pop(_nothing(key), ""):
        st.warning(text.plain(said), icon=":material/info:")


def _nothing(key: str) -> str:
    return f"_{key}_nothing"


def _given(at: int, key: str) -> None:
    lesson = progress.lesson()
    question = lesson.steps[at - 1].question if lesson and at <= len(lesson.steps) else None
    said = st.session_state.get(key)
    if question is None or said is None:
        st.session_state[_nothing(key)] = _("Answer first: a guess is enough.")
        return
    answer = answers.as_text(question, said)
    if problem := answers.problem(question, answer):
        st.session_state[_nothing(key)] = problem
        return
    _answer(at, answer)


def _answer(at: int, given: str) -> None:
    progress.answer(at, given)
    st.session_state[_ANSWERED] = at


# -- what you said, what it is, why --------------------------------------------------------------------------------


def _compare(lesson: Lesson, at: int, question: Question, given: str, view: views.View) -> None:
    # what is done on the page is looked at as the page is now
    asked = views.current() if question.kind == "do" else view
    outcome = _outcome(lesson, at, question, given, asked)
    if outcome is not None:
        _result(outcome, at)
    classes.hand_in(lesson.key, at, question, given, outcome)
    right = outcome is not None and outcome.right
    if question.kind == "do" and not right:
        st.button(
            _("Check again"),
            icon=":material/check:",
            key=f"lesson_{at}_again",
            on_click=_answer,
            args=(at, given),
        )
    elif outcome is None:
        st.button(_("Compare now"), icon=":material/refresh:", key=f"lesson_{at}_compare")
    if question.kind != "do":
        st.button(
            _("Ask me again"),
            icon=":material/undo:",
            key=f"lesson_{at}_forget",
            type="tertiary",
            on_click=progress.forget,
            args=(at,),
        )


def _outcome(lesson: Lesson, at: int, question: Question, given: str, view: views.View) -> Outcome | None:
    """Judged once: what was right stays right while somebody plays on. None where a number is not there yet."""
    outcomes = progress.kept(lesson.key).outcomes
    if at not in outcomes:
        try:
            outcomes[at] = answers.judged(question, given, quantities.of(view))
        except NotYetError as missing:
            _not_yet(missing)
    return outcomes.get(at)


def _result(outcome: Outcome, at: int) -> None:
    """No alert: a reader says those piece by piece, as the browser puts them together."""
    lines = []
    if outcome.said:
        lines.append(_compared(outcome))
    elif outcome.right:
        lines.append(_("**Done.**"))
    lines += [outcome.reply] if outcome.reply else []
    icon = ":material/check_circle:" if outcome.right else ":material/lightbulb:"
    with st.container(key="lesson_result"), st.container(key="lesson_right" if outcome.right else "lesson_other"):
        st.markdown("\n\n".join([f"{icon} {lines[0]}", *lines[1:]]) if lines else icon)
    if outcome.after:
        st.markdown(outcome.after)
    if st.session_state.get(_ANSWERED) == at:
        del st.session_state[_ANSWERED]
        # each line ends as a sentence does: a reader pauses there
        aloud.say(" ".join(line if line[-1] in ".!?" else f"{line}." for line in [*lines, outcome.after] if line))


def _compared(outcome: Outcome) -> str:
    said, truth = outcome.said, outcome.truth
    if said == truth:
        return (
            _("**Right.** You said: **{said}**", said=said) if outcome.right else _("You said: **{said}**", said=said)
        )
    if outcome.right:
        return _("**Right.** You said: **{said}**. It is: **{truth}**", said=said, truth=truth)
    return _("You said: **{said}**. It is: **{truth}**", said=said, truth=truth)


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
