"""Pupils: they join by the code, with a name if they like to give one."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select, update

from core.classes import limits, store
from core.classes.limits import ClassError
from core.classes.tables import classes, pupils
from core.classes.teaching import Group, mark, open_classes
from words import N_, _

_ENDED = N_("This class should be open, and has ended: what you did stays in this window, and goes to nobody.")


@dataclass(frozen=True)
class Pupil:
    """Somebody in a class; name is "" where they gave none."""

    id: int
    group_id: int
    name: str


def join(group: Group, token: str, name: str = "") -> Pupil:
    """The pupil of this browser in a class; whoever joins again is the same one, with the name given last.

    Raises ClassError, also where the class is full or has ended.
    """
    name = named(name)
    token = mark(token, group.code)
    with store.writing() as connection:
        hold(connection, group.id)
        known = connection.scalar(select(pupils.c.id).where(_is(group, token)))
        if known is None and _count(connection, group) >= limits.MOST_PUPILS:
            raise ClassError(limits.too_many_pupils())
        row = {"class_id": group.id, "token": token, "name": name, "joined": time.time()}
        connection.execute(store.insert(connection, pupils).values(row).on_conflict_do_nothing())
        if known is not None and name:
            connection.execute(update(pupils).where(pupils.c.id == known).values(name=name))
        found = connection.execute(select(pupils).where(_is(group, token))).one()
    return Pupil(found.id, group.id, found.name)


def find(group: Group, token: str) -> Pupil | None:
    """The pupil of this browser, None where it has not joined. Raises ClassError."""
    with store.reading() as connection:
        row = connection.execute(select(pupils).where(_is(group, mark(token, group.code)))).first()
    return Pupil(row.id, group.id, row.name) if row else None


def of_browser(token: str, now: float | None = None) -> tuple[Group, Pupil] | None:
    """The class that this browser is in, the one joined last of several; None where it is in none. Raises ClassError.

    Its mark is another one in each class: so each that is open is asked for its own.
    """
    groups = {mark(token, group.code): group for group in open_classes(now)}
    if not groups:
        return None
    wanted = select(pupils).where(pupils.c.token.in_(groups)).order_by(pupils.c.joined.desc(), pupils.c.id.desc())
    with store.reading() as connection:
        row = connection.execute(wanted).first()
    return (groups[row.token], Pupil(row.id, row.class_id, row.name)) if row else None


def leave(pupil: Pupil) -> None:
    """The pupil is gone, and so is all that they answered and drew. Raises ClassError."""
    with store.writing() as connection:
        connection.execute(delete(pupils).where(pupils.c.id == pupil.id))


def names(group: Group) -> dict[int, str]:
    """The name of each pupil by their number, in the order in which they joined; "" where none was given.

    Raises ClassError.
    """
    with store.reading() as connection:
        wanted = select(pupils.c.id, pupils.c.name).where(pupils.c.class_id == group.id).order_by(pupils.c.id)
        return {row.id: row.name for row in connection.execute(wanted)}


def count(group: Group) -> int:
    """How many have joined. Raises ClassError."""
    with store.reading() as connection:
        return _count(connection, group)


def named(name: str, most: int = limits.LONGEST_NAME) -> str:
    """A name as it is kept: one line, of what can be seen. A database may refuse what cannot."""
    line = "".join(sign if sign.isprintable() else " " for sign in name)
    return " ".join(line.split())[:most]


def hold(connection: Connection, group_id: int) -> None:
    """Nobody else changes a class's pupils or drawings until the transaction ends, so that what was counted stays true.
    Raises ClassError where the class has ended.

    SQLite has one writer at a time, and ignores the lock on the row.
    """
    open_now = select(classes.c.id).where(classes.c.id == group_id, classes.c.ends > time.time())
    if connection.execute(open_now.with_for_update()).first() is None:
        raise ClassError(_(_ENDED))


def _is(group: Group, token: str):
    return (pupils.c.class_id == group.id) & (pupils.c.token == token)


def _count(connection: Connection, group: Group) -> int:
    return connection.scalar(select(func.count()).select_from(pupils).where(pupils.c.class_id == group.id)) or 0
