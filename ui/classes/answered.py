"""What the class has answered to a step, as bars: as they come in, with what is right and with names where wanted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from core.classes import answers, joining
from core.classes.answers import Given, Tally
from core.classes.limits import ClassError
from core.classes.teaching import Group
from core.lessons import answers as judging
from core.lessons import wording
from core.lessons.lesson import Question
from ui.classes import news
from ui.classes.opening import LOOK_S
from ui.shared import charts, text
from viz import answer_bars
from words import _

# numbers of a large class may be as many as pupils: the ones given most often are shown
_MOST_BARS = 10
_LONGEST = 70


@st.fragment(run_every=LOOK_S)
def show(group: Group, lesson: str, at: int, question: Question, truth: str | None, shown: bool, named: bool) -> None:
    """truth: what is right, in words; None while it is not to be seen."""
    try:
        found = answers.given(group, lesson, at)
        names = joining.names(group)
    except ClassError as error:
        st.warning(text.plain(str(error)))
        return
    how_many = _how_many(question, len(found), len(names))
    st.markdown(how_many)
    news.tell(f"answered {group.id} {lesson} {at}", how_many)
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
