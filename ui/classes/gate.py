"""What the frame, the pages and the lessons ask of classes at every run. Where nobody is in one nothing else of them is
imported: the first paint of a fresh server does not wait for a database's driver."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

import streamlit as st

from core.classes import place
from ui.classes import settings
from ui.shared import state

if TYPE_CHECKING:
    from core.lessons.answers import Outcome
    from core.lessons.lesson import Question
    from core.training.spec import TrainingSpec

_LATER = "_class_asked_later"


def _asked() -> bool:
    return bool(state.get(settings.CLASS))


def follow() -> None:
    """Call when the page is known, before anything is drawn: to where the teacher has moved the class."""
    if _asked():
        import_module("ui.classes.member").follow()


def remember(first: bool) -> None:
    """Call before anything else of classes: whoever is in one, and opens an address that names none, still is.

    first: see `state.sync`. A later run asks only where the window was in a class, for going back may lose it too; and
    where the first one left it to `recall`, which somebody may have pressed a key before.
    """
    put_off = st.session_state.pop(_LATER, False)
    if _asked():
        return
    fresh = first and place.there()
    # a lesson that the address names may be the class's own, and is looked for next
    if settings.PUPIL in st.session_state or put_off or (fresh and (_loaded() or state.get("lesson"))):
        import_module("ui.classes.member").remember()
    elif fresh:
        st.session_state[_LATER] = True


def recall() -> None:
    """Call once a page is on screen: what `remember` has put off in a server's first run, so that no first paint waits
    for a database's driver (half a second). The page runs again for who is in a class."""
    if _LATER in st.session_state:
        if import_module("ui.classes.member").of_browser():
            st.rerun()
        del st.session_state[_LATER]


def _loaded() -> bool:
    return "ui.classes.member" in sys.modules


def lend() -> None:
    """Call before a lesson is looked for: the class's own is among them."""
    if _asked():
        import_module("ui.classes.member").lend()


def stands() -> bool:
    """Whether `line` says anything above the page."""
    return _asked() or settings.NOTE in st.session_state


def line() -> None:
    """Above the page: which class somebody is in, or the way into it; and the look at where the class is."""
    if stands():
        import_module("ui.classes.line").show()


def led(lesson: str, at: int) -> bool:
    """Whether the teacher holds the class at this very step."""
    return _asked() and import_module("ui.classes.member").led(lesson, at)


def hand_in(lesson: str, at: int, question: Question, answer: str, outcome: Outcome | None) -> None:
    """An answer that somebody has committed to goes to the class, where they are in one."""
    if _asked():
        import_module("ui.classes.member").hand_in(lesson, at, question, answer, outcome)


def send_drawing() -> None:
    """Above a pad: the way to the class's board, where somebody is in one."""
    if _asked():
        import_module("ui.classes.send").show()


def settle_training() -> None:
    """Before the settings of a training are read: whether the class's drawings can be among them."""
    if _may_train():
        import_module("ui.classes.trained").settle()


def training_data(spec: TrainingSpec) -> None:
    """The choice of what is trained on, where there is one."""
    if _may_train():
        import_module("ui.classes.trained").choice(spec)


def note_of_run(spec: TrainingSpec) -> None:
    """That a run goes with a class, where it does."""
    if spec.class_drawings:
        import_module("ui.classes.trained").note(spec)


def _may_train() -> bool:
    """A teacher comes here from the board, which says so in the address."""
    return _asked() or bool(state.get(settings.DRAWINGS) or st.session_state.get(settings.OFFERED))
