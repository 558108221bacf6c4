"""Where somebody is in which lesson, and what they have answered: in the address, like every view."""

from __future__ import annotations

import re

from core.lessons.lesson import MOST_STEPS
from ui.classes import settings as classes
from ui.shared import present, state
from words import N_, _

_KEY = re.compile(r"[a-z][a-z0-9-]{0,39}")
_ANSWERS = re.compile(r"(?:[0-9]{1,2}:[-.0-9a-z]{1,24})(?:,[0-9]{1,2}:[-.0-9a-z]{1,24})*")
PARTS = {"all": N_("All lessons"), "write": N_("Write one")}
LONGEST = 30 * MOST_STEPS
# whether what teachers need is in sight on the page of all lessons
TEACHERS = "lessons_teachers"


def _lesson(said: str) -> None:
    """A lesson that is not here any more is said on the page: another machine may have it."""
    if said and not _KEY.fullmatch(said):
        raise ValueError(_("the name of a lesson, such as shapes"))


def _answers(said: str) -> None:
    if said and not _ANSWERS.fullmatch(said):
        raise ValueError(_("answers by step, such as 1:24,2:c"))


state.declare(
    state.choice("lessons_part", "all", tuple(PARTS)),
    state.flag(TEACHERS, False),
    state.text("lesson", "", _lesson, most=40),
    state.integer("lesson_step", 1, 1, MOST_STEPS),
    state.text("lesson_answers", "", _answers, most=LONGEST),
)
# the page of all lessons, by its address
LIST = "lessons"
# in the session: the file of the lesson that is being written
EDITED = "lesson_editor"
# in the session: the page of the step that was just opened, and the settings that it changed
GO = "_lesson_go"
KEYS = ("lesson", "lesson_step", "lesson_answers", TEACHERS, *classes.KEYS, present.KEY)
