"""Where somebody was yesterday: their browser remembers it, and a lesson that is opened anew offers to go on there.

An address that says how far somebody is wins. In a class nothing is remembered beyond the class.
"""

from __future__ import annotations

import streamlit as st

from core.lessons.lesson import MOST_STEPS, Lesson
from ui.classes.settings import CLASS
from ui.components.kept_lessons import kept_lessons
from ui.lessons import progress
from ui.lessons.progress import Kept
from ui.shared import state
from words import _

_FOUND = "_lessons_remembered"
# a browser sends what it likes
_MOST = 200


def listen() -> None:
    """On the page of all lessons: ask the browser, once a session."""
    if not state.get(CLASS):
        kept_lessons(dict.fromkeys(progress.forgotten()), _FOUND not in st.session_state, heard)


def keep(lesson: Lesson) -> None:
    """Beside a page: tell the browser how far this lesson is; ask it where somebody begins."""
    if state.get(CLASS) or lesson.key == progress.DRAFT:
        return
    now = progress.kept(lesson.key)
    known: dict[str, tuple[int, str] | None] = dict.fromkeys(progress.forgotten())
    if now.begun:
        known[lesson.key] = (now.step, now.answers)
    kept_lessons(known, not now.begun and _FOUND not in st.session_state, heard)


def offer(lesson: Lesson) -> None:
    """Where the lesson has just been opened and was further once: on from there, or from the beginning."""
    before = _remembered().get(lesson.key)
    known = lesson.key in progress.forgotten() or progress.kept(lesson.key).begun
    if state.get(CLASS) or before is None or known:
        return
    step = min(before.step, len(lesson.steps))
    with st.container(border=True, gap="small", key="lesson_memory"):
        st.markdown(_("This browser was at step {step} of this lesson before.", step=step))
        with st.container(horizontal=True, gap="small"):
            st.button(
                _("Go on at step {step}", step=step),
                icon=":material/play_arrow:",
                key="lesson_go_on",
                on_click=progress.resume,
                args=(lesson.key, step, before.answers),
            )
            st.button(
                _("Begin again"),
                icon=":material/restart_alt:",
                key="lesson_begin_again",
                type="tertiary",
                on_click=progress.start_anew,
                args=(lesson.key,),
            )


def heard(known: dict[str, object]) -> None:
    """A callback: what the browser remembers becomes what the session knows, where it knows nothing better."""
    found = {key: kept for key, said in list(known.items())[:_MOST] if (kept := _read(key, said))}
    st.session_state[_FOUND] = found
    for key, kept in found.items():
        if key != state.get("lesson") and not (now := progress.kept(key)).begun:
            now.step, now.answers = kept.step, kept.answers


def _remembered() -> dict[str, Kept]:
    return st.session_state.get(_FOUND, {})


def _read(key: str, said: object) -> Kept | None:
    """None where it is nothing that this page has ever kept."""
    if not isinstance(said, list) or len(said) != 2 or progress.shelf().lesson(key) is None:
        return None
    step, answers = said
    try:
        answers = state.PARAMS["lesson_answers"].read(answers if isinstance(answers, str) else "?")
    except ValueError:
        return None
    # a browser's numbers have no kind
    if not isinstance(step, int | float) or step not in range(1, MOST_STEPS + 1):
        return None
    kept = Kept(int(step), str(answers))
    return kept if kept.begun else None
