"""What pupils answered: one answer a pupil and step, the first one they committed to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select, update

from core.classes import store
from core.classes.joining import Pupil, hold
from core.classes.tables import answers
from core.classes.teaching import Group


@dataclass(frozen=True)
class Given:
    """An answer, as the address of a lesson has it. correct: None where that has yet to be computed."""

    pupil: int
    answer: str
    correct: bool | None


def hand_in(pupil: Pupil, lesson: str, step: int, answer: str, correct: bool | None, again: bool = False) -> None:
    """Keep an answer, where this pupil has given none to this step. correct: None where that is not known yet; it is
    put in when the same answer is handed in again. Raises ClassError.

    again: of what is done on a page, which may be wrong at first and right then.
    """
    row = {
        "class_id": pupil.group_id,
        "pupil_id": pupil.id,
        "lesson": lesson,
        "step": step,
        "answer": answer,
        "correct": correct,
    }
    with store.writing() as connection:
        hold(connection, pupil.group_id)
        connection.execute(store.insert(connection, answers).values(row).on_conflict_do_nothing())
        if correct is None:
            return
        same = (
            (answers.c.pupil_id == pupil.id)
            & (answers.c.lesson == lesson)
            & (answers.c.step == step)
            & (answers.c.answer == answer)
        )
        unknown = answers.c.correct.is_(None) | (answers.c.correct.is_(False) if again else False)
        connection.execute(update(answers).where(same, unknown).values(correct=correct))


def given(group: Group, lesson: str, step: int) -> list[Given]:
    """All answers to a step, in the order in which the pupils joined. Raises ClassError."""
    wanted = (
        select(answers.c.pupil_id, answers.c.answer, answers.c.correct)
        .where(answers.c.class_id == group.id, answers.c.lesson == lesson, answers.c.step == step)
        .order_by(answers.c.pupil_id)
    )
    with store.reading() as connection:
        return [Given(*row) for row in connection.execute(wanted)]


@dataclass(frozen=True)
class Tally:
    """How often an answer was given, and how many of those pupils were right; who gave it, by their numbers."""

    answer: str
    count: int
    correct: int
    pupils: tuple[int, ...]


def tally(found: list[Given], choices: tuple[str, ...] = ()) -> list[Tally]:
    """Answers with their numbers: those of `choices` first, in that order, whether or not anybody gave them; the others
    ascending where they are numbers."""
    counts = Counter(each.answer for each in found)
    order = [*choices, *sorted(counts.keys() - {*choices}, key=_place)]
    return [
        Tally(
            answer,
            counts[answer],
            sum(bool(each.correct) for each in found if each.answer == answer),
            tuple(each.pupil for each in found if each.answer == answer),
        )
        for answer in order
    ]


def _place(answer: str) -> tuple[bool, float, str]:
    try:
        return False, float(answer), answer
    except ValueError:
        return True, 0.0, answer
