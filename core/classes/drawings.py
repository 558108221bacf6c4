"""The board: the digits that pupils drew, each with what it was meant to be and what the network read."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
from sqlalchemy import delete, func, select

from core.classes import limits, store
from core.classes.joining import Pupil, hold, named
from core.classes.limits import ClassError
from core.classes.tables import drawings
from core.classes.teaching import Group
from core.data.mnist import CLASSES, SIZE


@dataclass(frozen=True, eq=False)
class Drawn:
    """One drawing. pixels: uint8 (28, 28), as the network read it; strokes: as core.drawing.strokes has them, none
    where it was a picture; label: what it was meant to be; prediction, probability: what `network` read when it was
    sent."""

    id: int
    pupil: int
    pixels: np.ndarray
    strokes: list
    label: int
    prediction: int
    probability: float
    network: str


def send(
    pupil: Pupil,
    pixels: np.ndarray,
    label: int,
    probabilities: np.ndarray,
    network: str,
    strokes: list | None = None,
) -> int:
    """Put a drawing on the board; returns its number.

    pixels: uint8 (28, 28); probabilities: float (10,). Raises ClassError where this pupil has sent enough, and
    ValueError for arrays of other kinds.
    """
    if pixels.dtype != np.uint8 or pixels.shape != (SIZE, SIZE):
        raise ValueError(f"Expected uint8 (28, 28), got {pixels.dtype} {pixels.shape}.")
    if label not in range(CLASSES) or np.shape(probabilities) != (CLASSES,):
        raise ValueError(f"Expected a digit from 0 to 9 and ten probabilities, got {label!r} and other numbers.")
    prediction = int(np.argmax(probabilities))
    row = {
        "class_id": pupil.group_id,
        "pupil_id": pupil.id,
        "pixels": pixels.tobytes(),
        "strokes": _written(strokes or []),
        "label": int(label),
        "prediction": prediction,
        "probability": float(probabilities[prediction]),
        "network": named(network, limits.LONGEST_NETWORK),
    }
    with store.writing() as connection:
        hold(connection, pupil.group_id)
        mine = select(func.count()).select_from(drawings).where(drawings.c.pupil_id == pupil.id)
        if (connection.scalar(mine) or 0) >= limits.MOST_DRAWINGS:
            raise ClassError(limits.too_many_drawings())
        made = connection.execute(drawings.insert().values(row)).inserted_primary_key
    assert made is not None
    return int(made[0])


def _written(strokes: list) -> str:
    """Tenths of the pad's pixels are finer than any pen."""
    rounded = [[act[0], *(round(number, 1) for number in act[1:])] for act in strokes]
    text = json.dumps(rounded, separators=(",", ":"))
    return text if len(text) <= limits.LONGEST_STROKES else "[]"


def on_board(group: Group) -> list[Drawn]:
    """All drawings of a class in the order in which they came. Raises ClassError."""
    with store.reading() as connection:
        rows = connection.execute(select(drawings).where(drawings.c.class_id == group.id).order_by(drawings.c.id)).all()
    return [_drawn(row) for row in rows]


def newest(group: Group) -> tuple[int, int]:
    """How many drawings there are and the number of the last one: whether the board has changed. Raises ClassError."""
    with store.reading() as connection:
        wanted = select(func.count(), func.max(drawings.c.id)).where(drawings.c.class_id == group.id)
        count, last = connection.execute(wanted).one()
    return int(count), int(last or 0)


def take_off(group: Group, number: int) -> None:
    """Delete one drawing of a class. Raises ClassError."""
    with store.writing() as connection:
        connection.execute(delete(drawings).where(drawings.c.id == number, drawings.c.class_id == group.id))


def _drawn(row) -> Drawn:
    pixels = np.frombuffer(row.pixels, np.uint8).reshape(SIZE, SIZE)
    return Drawn(
        row.id,
        row.pupil_id,
        pixels,
        json.loads(row.strokes),
        row.label,
        row.prediction,
        row.probability,
        row.network,
    )
