"""A pupil's side of a class: which one this window is in, where the teacher is, what goes there.

The address says which class, the browser's cookie who somebody is, as for runs (`ui.shared.visitor`).
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass

import streamlit as st

from core.classes import answers, joining, teaching
from core.classes import own_lesson as kept_lesson
from core.classes.joining import Pupil
from core.classes.limits import ClassError
from core.classes.teaching import Group
from core.lessons.answers import Outcome
from core.lessons.lesson import Question
from ui.classes import own_lesson
from ui.classes.settings import CLASS, NOTE, PUPIL, STILL
from ui.lessons import progress
from ui.lessons.settings import LIST
from ui.shared import state, visitor
from ui.shared.tries import Tries
from words import N_, _

_SEEN, _FOLLOWED, _HANDED = "_class_seen", "_class_followed", "_class_handed"
# the lessons whose answers went to a class that this window is not in any more
_ELSEWHERE = "_class_elsewhere"
# a slider that is dragged asks twenty times a second; the class is looked at every two
_FRESH_S = 1.0
UNKNOWN = N_("There should be a class with this code, and there is none: look at the code again, or ask your teacher.")
_DEAF = N_("Too many codes were tried: ask your teacher, and open another window later.")
_ENDED = N_("The class has ended. Your answers stay in this window; the server has deleted what it had of them.")
codes = Tries("_wrong_codes", 10, 300, 600.0)


@dataclass(frozen=True)
class _Seen:
    """What a look has found, and when."""

    code: str
    at: float
    group: Group | None


def find(code: str) -> Group | None:
    """The class with this code; None, and a wrong guess counted, where there is none. Raises ClassError."""
    if not codes.listens():
        raise ClassError(_(_DEAF))
    group = teaching.by_code(code)
    if group is None:
        codes.wrong()
    return group


def current(fresh_s: float = _FRESH_S) -> Group | None:
    """The class of the address as it was at most `fresh_s` seconds ago, None where it has ended, or never was.

    Raises ClassError.
    """
    code, seen = state.get(CLASS), st.session_state.get(_SEEN)
    if seen is None or seen.code != code:
        group = find(code)
    elif seen.group is None or time.monotonic() - seen.at < fresh_s:
        return seen.group
    else:
        group = teaching.by_code(code)
    st.session_state[_SEEN] = _Seen(code, time.monotonic(), group)
    return group


def pupil(group: Group) -> Pupil | None:
    """This browser's pupil of the class, None where it has not joined. Raises ClassError."""
    known = st.session_state.get(PUPIL)
    if known is None or known.group_id != group.id:
        known = st.session_state[PUPIL] = joining.find(group, visitor.token())
    return known


def mine() -> tuple[Group, Pupil] | None:
    """The class and the pupil, None where this window is in no class. Raises ClassError."""
    group = current()
    me = pupil(group) if group else None
    return (group, me) if group and me else None


def lend() -> None:
    """Before a lesson is looked for: the class's own one is among them."""
    with contextlib.suppress(ClassError):  # the line above the page says so
        own_lesson.lend(current())


def remember() -> None:
    """Back into the class that this browser is in, as the cookie says: a typed address does not name it. Nobody is
    moved by that; they may have gone where they are for a reason."""
    found = of_browser()
    if found is None:
        _forget()
        return
    group, me = found
    st.session_state[CLASS] = group.code  # into the address with the next change: this may be a step back
    st.session_state[_SEEN] = _Seen(group.code, time.monotonic(), group)
    st.session_state[PUPIL], st.session_state[STILL] = me, True
    st.session_state[_FOLLOWED] = (group.id, group.moves)


def of_browser() -> tuple[Group, Pupil] | None:
    """The class that this browser is in, and who it is there; None where it is in none, or nobody can say."""
    try:
        return joining.of_browser(visitor.token())
    except ClassError:
        return None


def join(group: Group, name: str) -> None:
    """From a callback. What was answered for another class is not answered for this one. Raises ClassError."""
    st.session_state[PUPIL] = joining.join(group, visitor.token(), name)
    st.session_state.pop(_FOLLOWED, None)
    for lesson in st.session_state.pop(_ELSEWHERE, ()):
        progress.start_anew(lesson)


def leave() -> None:
    """A callback: out of the class, with all that was given to it."""
    try:
        if found := mine():
            joining.leave(found[1])
    except ClassError as error:
        st.session_state[NOTE] = str(error)
    _forget()
    state.put({CLASS: ""})


def not_this_one() -> None:
    """A callback: the address names a class that one does not want to join."""
    _forget()
    state.put({CLASS: ""})


def _forget() -> None:
    handed = st.session_state.get(_HANDED, {})
    st.session_state[_ELSEWHERE] = st.session_state.get(_ELSEWHERE, set()) | {lesson for _me, lesson, _at in handed}
    for key in (_SEEN, PUPIL, STILL, _FOLLOWED, _HANDED):
        st.session_state.pop(key, None)
    own_lesson.lend(None)
    if kept_lesson.is_key(state.get("lesson")):  # it went with the class
        state.put({"lesson": "", "lesson_step": 1, "lesson_answers": ""})


# -- where the teacher is ----------------------------------------------------------------------------------------


def follow() -> None:
    """Before anything is drawn: to the step that the teacher has moved all to since the last time; out of a class that
    has ended."""
    try:
        group = current()
        if group is None:
            st.session_state[NOTE] = _(_ENDED if st.session_state.get(PUPIL) else UNKNOWN)
            not_this_one()
            return
        if not pupil(group) or not group.leads:
            return
    except ClassError as error:
        st.session_state[NOTE] = str(error)
        return
    if st.session_state.get(_FOLLOWED) != (group.id, group.moves):
        go(group)


def go(group: Group) -> None:
    """To where the class is; also a callback."""
    st.session_state[_FOLLOWED] = (group.id, group.moves)
    st.session_state.pop(STILL, None)
    progress.begin(group.lesson, group.step)


def at_place(group: Group) -> bool:
    """Whether the step on screen is where the teacher leads; beside the list of lessons stands none."""
    return state.page() != LIST and (state.get("lesson"), state.get("lesson_step")) == (group.lesson, group.step)


def led(lesson: str, at: int) -> bool:
    """Whether the teacher holds the class at this step."""
    try:
        found = mine()
    except ClassError:
        return False
    return bool(found and found[0].leads and (found[0].lesson, found[0].step) == (lesson, at))


# -- what goes to the class --------------------------------------------------------------------------------------


def hand_in(lesson: str, at: int, question: Question, answer: str, outcome: Outcome | None) -> None:
    """Give an answer to the class, once; again where it has been found out whether it is right. What cannot be given
    now is given with the next look at the step."""
    if lesson == progress.DRAFT:
        return
    right = outcome.right if outcome else None
    handed: dict[tuple, tuple] = st.session_state.setdefault(_HANDED, {})
    try:
        found = mine()
        if found is None:
            return
        key, now = (found[1].id, lesson, at), (answer, right)
        first = handed.get(key)
        if first is None or (first != now and first[0] == answer):
            answers.hand_in(found[1], lesson, at, answer, right, again=question.kind == "do")
            handed[key] = now
        elif first[0] != answer:
            st.caption(_(":material/groups: Your class keeps the answer that you gave first."))
    except ClassError as error:
        st.caption(f":material/cloud_off: {error}")
