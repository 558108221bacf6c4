"""A class's drawings as a data set to train on: which of them a training sees, how often, and which it never sees.

Two drawings of one hand must not be on both sides, so every third writer is kept apart, for good: by their number,
whoever comes or leaves later. The drawings of the others take places among MNIST's training images, each of them
several, for a few among thousands would hardly count.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from sqlalchemy import func, select

from core.classes import keys, place, store
from core.classes.limits import ClassError
from core.classes.tables import classes, drawings
from core.classes.teaching import Group
from core.data.mnist import SIZE
from words import _

APART = 3
REPEATS = 10
# of a training's images: the rest stays MNIST, so that no digit is forgotten that nobody drew
_MOST = 0.5


@dataclass(frozen=True)
class Size:
    """How many drawings a training sees, and how many are kept apart from it."""

    seen: int
    apart: int

    def places(self, examples: int) -> int:
        """How many of so many training images are drawings."""
        return min(REPEATS * self.seen, int(examples * _MOST))


def key(group: Group) -> str:
    """What a training names this class by."""
    return keys.of(group.id, group.ends)


def is_apart(pupil: int) -> bool:
    """Whether no training sees the drawings of this pupil."""
    return pupil % APART == 0


def is_open(key: str, now: float | None = None) -> bool:
    """Whether the class has not ended. Raises ClassError where the database does not say."""
    now = time.time() if now is None else now
    if keys.is_over(key, now) or not place.there():
        return False
    number, second = keys.parts(key)
    with store.reading() as connection:
        ends = connection.scalar(select(classes.c.ends).where(classes.c.id == number, classes.c.ends > now))
    # the number alone would be that of another class where the file was thrown away since
    return ends is not None and int(ends) == second


def size(key: str) -> Size:
    """Of an open class, as it is now. Raises ClassError."""
    _expect_open(key)
    wanted = (
        select(drawings.c.pupil_id, func.count())
        .where(drawings.c.class_id == keys.parts(key)[0])
        .group_by(drawings.c.pupil_id)
    )
    with store.reading() as connection:
        counts = connection.execute(wanted).all()
    apart = sum(count for pupil, count in counts if is_apart(pupil))
    return Size(sum(count for _pupil, count in counts) - apart, apart)


def problem(key: str) -> str | None:
    """One sentence why nothing can be trained on the drawings of this class now, or None."""
    try:
        return None if size(key).seen else _nothing()
    except ClassError as error:
        return str(error)


def mixed(images: np.ndarray, labels: np.ndarray, key: str) -> tuple[np.ndarray, np.ndarray]:
    """Training images, uint8 (n, 28, 28) and uint8 (n,), the last of which have made room for the class's drawings as
    they are now. Raises ClassError."""
    drawn, meant = _read(key)
    places = Size(len(drawn), 0).places(len(images))
    order = np.arange(places) % len(drawn)
    stay = len(images) - places
    return np.concatenate([images[:stay], drawn[order]]), np.concatenate([labels[:stay], meant[order]])


def _read(key: str) -> tuple[np.ndarray, np.ndarray]:
    """What is to be seen, in the order in which it was drawn: uint8 (n, 28, 28) and uint8 (n,), at least one."""
    _expect_open(key)
    wanted = (
        select(drawings.c.pixels, drawings.c.label)
        .where(drawings.c.class_id == keys.parts(key)[0], drawings.c.pupil_id % APART != 0)
        .order_by(drawings.c.id)
    )
    with store.reading() as connection:
        rows = connection.execute(wanted).all()
    if not rows:
        raise ClassError(_nothing())
    pixels = np.frombuffer(b"".join(row.pixels for row in rows), np.uint8).reshape(-1, SIZE, SIZE)
    return pixels, np.array([row.label for row in rows], np.uint8)


def _nothing() -> str:
    return _(
        "There should be a drawing to train on, and there is none: every third writer is kept apart, and of the others "
        "nobody has sent one yet."
    )


def _expect_open(key: str) -> None:
    if not place.there() and not keys.is_over(key, time.time()):
        raise ClassError(
            _(
                "The drawings of a class should be in the database of classes, and this machine has none: {variable} "
                "must be the same wherever runs are trained.",
                variable=place.VARIABLE,
            )
        )
    if not is_open(key):
        raise ClassError(
            _("This training should see the drawings of a class, and the class has ended: its drawings are deleted.")
        )
