"""A lesson of the teacher's own, which lies in the class: who is in it has it, nobody else, and it goes with the class.

A class has one at a time. Each time the teacher gives it anew it is another lesson to those who answer: its questions
may be others, and answers to the ones before would be counted among theirs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from core.classes import limits, store
from core.classes.joining import hold
from core.classes.limits import ClassError
from core.classes.tables import answers, classes, lessons
from core.classes.teaching import Group
from words import _

_KEY = re.compile(r"class-[0-9]{1,15}-[0-9]{1,9}")


@dataclass(frozen=True)
class OwnLesson:
    """class_id: that of the class. number: how often one was given, from 1. text: its file. language: in which it is
    written, as far as is known."""

    class_id: int
    number: int
    text: str
    language: str

    @property
    def key(self) -> str:
        """Its name in addresses, as lessons have one; no lesson of another class has it."""
        return _key(self.class_id, self.number)


def is_key(said: str) -> bool:
    """Whether a lesson of this name lies in a class."""
    return _KEY.fullmatch(said) is not None


def _key(class_id: int, number: int) -> str:
    return f"class-{class_id}-{number}"


def give(group: Group, text: str, language: str) -> OwnLesson:
    """Put a lesson into the class, in the place of the one before, whose answers go; a class that is led through that
    one is at the same step of this one. Whether it is a lesson is for others to say. Raises ClassError."""
    if len(text) > limits.LONGEST_OWN_LESSON:
        raise ClassError(
            _(
                "A lesson has at most {most:,} characters; here are {count:,}.",
                most=limits.LONGEST_OWN_LESSON,
                count=len(text),
            )
        )
    with store.writing() as connection:
        hold(connection, group.id)
        before = connection.scalar(select(lessons.c.number).where(lessons.c.class_id == group.id)) or 0
        given = OwnLesson(group.id, before + 1, text, language[: limits.LONGEST_LANGUAGE])
        old = _key(group.id, before)
        connection.execute(delete(lessons).where(lessons.c.class_id == group.id))
        connection.execute(lessons.insert().values(vars(given)))
        connection.execute(delete(answers).where(answers.c.class_id == group.id, answers.c.lesson == old))
        led = (classes.c.id == group.id) & (classes.c.lesson == old)
        connection.execute(update(classes).where(led).values(lesson=given.key, moves=classes.c.moves + 1))
    return given


def number(group: Group) -> int:
    """That of the lesson which lies in the class now, 0 where none does: whether there is another one. Raises
    ClassError."""
    with store.reading() as connection:
        return connection.scalar(select(lessons.c.number).where(lessons.c.class_id == group.id)) or 0


def of(group: Group) -> OwnLesson | None:
    """The lesson that lies in the class, None where none does. Raises ClassError."""
    wanted = select(lessons).where(lessons.c.class_id == group.id)
    with store.reading() as connection:
        row = connection.execute(wanted).first()
    return OwnLesson(*row) if row else None
