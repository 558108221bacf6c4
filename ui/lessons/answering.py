"""The question of a step: asked, then what you said beside what it is."""

from __future__ import annotations

import streamlit as st

from core.lessons import answers
from core.lessons.answers import Outcome
from core.lessons.expression import ExpressionError
from core.lessons.lesson import Lesson, Question
from core.lessons.quantities import AwaitedError, NotYetError
from ui.classes import gate as classes
from ui.lessons import progress, quantities
from ui.lessons import view as views
from ui.shared import aloud, text, warmup
from words import _

# the step that was answered a moment ago: its outcome is said, and not again each time it is shown
_ANSWERED = "_lesson_just_answered"
# of a number that is answered; larger ones are no answers, and would be as long as they like
_MOST = 1e12
# between two looks at what is awaited
_LOOK_S = 2.0


def ask(lesson: Lesson, at: int, question: Question) -> None:
    """What the step asks for: a number, a choice, or Check where something is to be done."""
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


def compare(lesson: Lesson, at: int, question: Question, given: str, view: views.View) -> None:
    """What was given beside what is right. view: that of the step."""
    # what is done on the page is looked at as the page is now
    asked = views.current() if question.kind == "do" else view
    outcome, missing = _outcome(lesson, at, question, given, asked)
    awaited = isinstance(missing, AwaitedError) and warmup.ready()
    if outcome is not None:
        _result(outcome, at)
    elif awaited:
        _await(question, given, asked)
    elif missing is not None:
        not_yet(missing)
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
    elif outcome is None and not awaited:
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


def _outcome(
    lesson: Lesson, at: int, question: Question, given: str, view: views.View
) -> tuple[Outcome | None, NotYetError | None]:
    """Judged once: what was right stays right while somebody plays on. Where a number is not there yet, why."""
    outcomes = progress.kept(lesson.key).outcomes
    if at not in outcomes:
        try:
            outcomes[at] = answers.judged(question, given, quantities.of(view))
        except NotYetError as missing:
            return None, missing
    return outcomes[at], None


@st.fragment(run_every=_LOOK_S)
def _await(question: Question, given: str, view: views.View) -> None:
    """How far what is being computed is; the page runs again once it is there."""
    try:
        answers.judged(question, given, quantities.of(view))
    except AwaitedError as missing:
        not_yet(missing)
        return
    except (NotYetError, ExpressionError):  # the page says so
        pass
    st.rerun(scope="app")


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


def not_yet(missing: NotYetError) -> None:
    """Why there is no number yet."""
    if not warmup.ready():
        # the page beside it says so too
        warmup.wait_for_tensorflow(_("The numbers come in some seconds."))
    else:
        st.caption(f":material/hourglass_top: {text.plain(str(missing))}")
