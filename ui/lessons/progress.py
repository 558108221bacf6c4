"""The lesson that is open, its step, and what was answered: the address says it, the session remembers other lessons.

All that changes something here is a callback.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import streamlit as st

from core.lessons import answers, folder
from core.lessons.answers import Outcome
from core.lessons.lesson import Lesson, Step
from ui.lessons import settings
from ui.lessons import view as views
from ui.shared import state, text
from words import ENGLISH, LANGUAGES, _
from words import language as spoken

_KEPT = "_lessons"
_DRAFT, _BORROWED = "_lesson_draft", "_lesson_borrowed"
_FORGOTTEN = "_lessons_forgotten"
_OPENED = "_lessons_opened"
# the key of a lesson that is being written
DRAFT = "draft"


@dataclass
class Kept:
    """What the session knows of a lesson: the step, the answers as the address has them, outcomes by step."""

    step: int = 1
    answers: str = ""
    outcomes: dict[int, Outcome] = field(default_factory=dict)

    @property
    def begun(self) -> bool:
        """Whether anything has been done."""
        return self.step > 1 or bool(self.answers)


def language() -> str:
    """The language of lessons: that of whoever asks, where it is one that people speak."""
    return spoken() if spoken() in LANGUAGES else ENGLISH


def shelf() -> folder.Shelf:
    """All lessons of the language; first the one that was lent to this session, last the one that it writes, where it
    has such."""
    found = folder.shelf(language())
    borrowed, draft = st.session_state.get(_BORROWED), st.session_state.get(_DRAFT)
    if not borrowed and not draft:
        return found
    return replace(found, lessons=(*filter(None, (borrowed,)), *found.lessons, *filter(None, (draft,))))


def borrow(lent: Lesson | None) -> None:
    """A lesson of somebody else's stands first in this session; with None none does any more."""
    if lent:
        st.session_state[_BORROWED] = lent
    else:
        st.session_state.pop(_BORROWED, None)


def try_out(draft: Lesson) -> None:
    """Open a lesson that somebody is writing; it stays in this session."""
    st.session_state[_DRAFT] = draft
    st.session_state.setdefault(_KEPT, {})[draft.key] = Kept()
    _open(draft, 1, "")


def lesson() -> Lesson | None:
    """The one that is open, None where none is, or where there is none of this name."""
    key = state.get("lesson")
    return shelf().lesson(key) if key else None


def say_it_is_gone() -> None:
    """Where the address names a lesson that is not here."""
    if state.get("lesson") and lesson() is None:
        name = text.plain(state.get("lesson"))
        st.warning(_("This link opens the lesson {name}, and there is none of that name here.", name=name))


def number(of: Lesson) -> int:
    """The step that is open, counted from 1."""
    return min(state.get("lesson_step") or 1, len(of.steps))


def step(of: Lesson) -> Step:
    """The same with what is in it."""
    return of.steps[number(of) - 1]


def read(said: str, of: Lesson) -> dict[int, str]:
    """Answers by step; what can be no answer is left out, for a lesson may have changed since."""
    pairs = [part.split(":", 1) for part in said.split(",") if part]
    found = {int(at): answer for at, answer in pairs if 1 <= int(at) <= len(of.steps)}
    questions = {at: of.steps[at - 1].question for at in found}
    return {
        at: answer
        for at, answer in found.items()
        if (question := questions[at]) and not answers.problem(question, answer)
    }


def answered(of: Lesson) -> dict[int, str]:
    """What was answered in the lesson that is open."""
    return read(state.get("lesson_answers"), of)


def unanswered(of: Lesson) -> bool:
    """Whether the step that is open asks something that nobody has answered yet."""
    return step(of).question is not None and number(of) not in answered(of)


def kept(key: str) -> Kept:
    """What the session knows of a lesson, opened or not."""
    known = st.session_state.setdefault(_KEPT, {}).setdefault(key, Kept())
    if state.get("lesson") == key:
        known.step, known.answers = state.get("lesson_step") or 1, state.get("lesson_answers")
    return known


def begin(key: str, at: int | None = None) -> None:
    """Open a lesson at a step, by itself where this session left it."""
    of = shelf().lesson(key)
    if of is None:
        return
    known = kept(key)
    _open(of, min(known.step if at is None else at, len(of.steps)), known.answers)


def openings() -> int:
    """How often this session has opened a lesson; one that came with the address was not opened by it."""
    return st.session_state.get(_OPENED, 0)


def go(at: int) -> None:
    """To a step of the lesson that is open, and to its view."""
    if of := lesson():
        _put(of, min(max(1, at), len(of.steps)), state.get("lesson_answers"))


def answer(at: int, given: str) -> None:
    """Commit to an answer, and see the step's view as it was meant."""
    if (of := lesson()) is None:
        return
    found = {**answered(of), at: given}
    question = of.steps[at - 1].question
    kept(of.key).outcomes.pop(at, None)
    _put(of, at, _text(found), show=bool(question and question.covers))


def forget(at: int) -> None:
    """Be asked again."""
    if of := lesson():
        kept(of.key).outcomes.pop(at, None)
        _put(of, at, _text({step: given for step, given in answered(of).items() if step != at}))


def leave() -> None:
    """Close the lesson; the page stays as it is."""
    if of := lesson():
        kept(of.key)
    state.put({"lesson": "", "lesson_step": 1, "lesson_answers": ""})


def resume(key: str, at: int, said: str) -> None:
    """Open a lesson as it was left."""
    if of := shelf().lesson(key):
        _open(of, min(at, len(of.steps)), said)


def forgotten() -> list[str]:
    """The lessons that this session has started anew."""
    return st.session_state.get(_FORGOTTEN, [])


def start_anew(key: str) -> None:
    """Forget all answers of a lesson."""
    st.session_state[_FORGOTTEN] = [*dict.fromkeys([*forgotten(), key])]
    st.session_state.setdefault(_KEPT, {})[key] = Kept()
    if state.get("lesson") == key:
        state.put({"lesson_step": 1, "lesson_answers": ""})


def _open(of: Lesson, at: int, said: str) -> None:
    st.session_state[_OPENED] = openings() + 1
    _put(of, at, said)


def _put(of: Lesson, at: int, said: str, show: bool = True) -> None:
    values: dict[str, state.Value] = {"lesson": of.key, "lesson_step": at, "lesson_answers": said}
    wanted = of.steps[at - 1]
    if show and wanted.view:
        try:
            view = views.with_kept(views.parse(wanted.view), wanted.keep)
        except views.ViewError:  # the dock says what is wrong with it
            pass
        else:
            changed = views.settings_for(view)
            values = {**changed, **values}
            st.session_state[settings.GO] = (view.page, changed)
    state.put(values)


def _text(found: dict[int, str]) -> str:
    return ",".join(f"{at}:{given}" for at, given in sorted(found.items()))
