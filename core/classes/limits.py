"""How much a class may hold, so that one browser cannot fill a server, and what is said beyond it."""

from __future__ import annotations

from words import _

LIFE_S = 24 * 3600.0
CODE_DIGITS = 8
MOST_CLASSES = 50
MOST_PUPILS = 100
MOST_DRAWINGS = 20
LONGEST_NAME = 24
LONGEST_LESSON = 40
LONGEST_ANSWER = 24
LONGEST_NETWORK = 80
LONGEST_LANGUAGE = 8
# as core.lessons.reader has it
LONGEST_OWN_LESSON = 60_000
# characters of a drawing's strokes as JSON; an hour of scribbling is kept as its pixels only
LONGEST_STROKES = 40_000


class ClassError(RuntimeError):
    """Something about a class cannot be done; the message is one sentence for who is at the screen."""


def too_many_classes() -> str:
    """Why no other class can be opened."""
    return _("At most {most} classes can be open on one server: wait until one has ended.", most=MOST_CLASSES)


def too_many_pupils() -> str:
    """Why nobody else can join."""
    return _(
        "At most {most} pupils can be in one class, and in this one there are as many: ask your teacher.",
        most=MOST_PUPILS,
    )


def too_many_drawings() -> str:
    """Why a pupil can send no other drawing."""
    return _(
        "Each pupil can send {most} drawings to the board, and you have: nothing more goes there.", most=MOST_DRAWINGS
    )
