"""A class as its teacher has it: opened, led from step to step or let go, ended."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass

from sqlalchemy import Row, delete, func, select, update

from core.classes import codes, limits, place, store
from core.classes.limits import ClassError
from core.classes.tables import classes
from words import _

_TRIES = 20


@dataclass(frozen=True)
class Group:
    """A class that is open. ends: seconds since 1970. leads: whether all are to be at step `step` (from 1) of the
    lesson; moves: how often the teacher has moved them."""

    id: int
    code: str
    teacher: str
    ends: float
    leads: bool
    lesson: str
    step: int
    moves: int

    @property
    def spoken(self) -> str:
        """The code as it is written and read aloud: 4827 1530."""
        return codes.spoken(self.code)


def mark(token: str, code: str = "") -> str:
    """What a browser's token leaves in the database: a hash, another one in each class."""
    return hashlib.sha256(f"{code}:{token}".encode()).hexdigest()


def open_class(token: str, now: float | None = None) -> Group:
    """A new class of the teacher with this token; the one that is open where there is one. Raises ClassError."""
    now = time.time() if now is None else now
    if before := of_teacher(token, now):
        return before
    store.tidy(now)
    with store.writing() as connection:
        if (connection.scalar(select(func.count()).select_from(classes)) or 0) >= limits.MOST_CLASSES:
            raise ClassError(limits.too_many_classes())
        for _attempt in range(_TRIES):
            code = codes.new()
            row = {"code": code, "teacher": mark(token), "ends": now + limits.LIFE_S}
            connection.execute(store.insert(connection, classes).values(row).on_conflict_do_nothing())
            if connection.scalar(select(classes.c.teacher).where(classes.c.code == code)) == row["teacher"]:
                break
    return _expect(by_code(code, now))


def of_teacher(token: str, now: float | None = None) -> Group | None:
    """The class that this teacher has open, None where there is none. Raises ClassError."""
    return _one(classes.c.teacher == mark(token), now)


def by_code(code: str, now: float | None = None) -> Group | None:
    """The class with this code: one row, found by its index. None where there is none, or none any more.

    Raises ClassError.
    """
    return _one(classes.c.code == code, now)


def open_classes(now: float | None = None) -> list[Group]:
    """All that have not ended, at most `limits.MOST_CLASSES`. Raises ClassError."""
    if not place.there():
        return []
    with store.reading() as connection:
        rows = connection.execute(select(classes).where(classes.c.ends > (time.time() if now is None else now))).all()
    return [_group(row) for row in rows]


def _one(condition, now: float | None) -> Group | None:
    if not place.there():
        return None
    now = time.time() if now is None else now
    with store.reading() as connection:
        row = connection.execute(select(classes).where(condition, classes.c.ends > now).order_by(classes.c.id)).first()
    return _group(row) if row else None


def _group(row: Row) -> Group:
    return Group(*(getattr(row, name) for name in Group.__dataclass_fields__))


def _expect(found: Group | None) -> Group:
    if found is None:
        raise ClassError(_("This class should be open, and has ended."))
    return found


def move(group: Group, lesson: str, step: int) -> Group:
    """All to this step of a lesson, until they are let go. Raises ClassError."""
    return _set(group, leads=True, lesson=lesson, step=step, moves=classes.c.moves + 1)


def let_go(group: Group) -> Group:
    """Everybody goes on at their own pace. Raises ClassError."""
    return _set(group, leads=False)


def take(group: Group, token: str) -> Group:
    """The class is led from another browser from now on. Raises ClassError."""
    return _set(group, teacher=mark(token))


def _set(group: Group, **values: object) -> Group:
    with store.writing() as connection:
        connection.execute(update(classes).where(classes.c.id == group.id).values(**values))
    return _expect(by_code(group.code))


def end(group: Group) -> None:
    """Delete the class and all that was answered and drawn in it, now. Raises ClassError."""
    with store.writing() as connection:
        connection.execute(delete(classes).where(classes.c.id == group.id))
    store.shrink()
