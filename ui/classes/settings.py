"""Which class somebody is in, and what a teacher looks at: in the address, like every view. Who somebody is says the
cookie of their browser."""

from __future__ import annotations

from dataclasses import replace

from core.classes.limits import CODE_DIGITS
from ui.shared import state
from words import N_, _

CLASS = "class"
PARTS = {"lead": N_("Lead"), "board": N_("Board"), "confusion": N_("Confusion")}
READERS = {"sent": N_("Whoever sent it"), "now": N_("The sidebar's network")}


def _code(said: str) -> None:
    if said and not (said.isascii() and said.isdecimal() and len(said) == CODE_DIGITS):
        raise ValueError(_("the {count} digits of a class's code", count=CODE_DIGITS))


def _key(said: str) -> None:
    """A lesson that is not here any more is said on the page."""
    if not set(said) <= set("abcdefghijklmnopqrstuvwxyz0123456789-"):
        raise ValueError(_("the name of a lesson, such as shapes"))


def _first_step() -> None:
    """Another lesson begins at its first step."""
    state.put({"teach_step": 1})


_PARAMS = (
    state.text(CLASS, "", _code, most=CODE_DIGITS),
    state.choice("teach_part", "lead", tuple(PARTS)),
    replace(state.text("teach_lesson", "", _key, most=40), on_change=_first_step),
    state.integer("teach_step", 1, 1, 20),
    state.flag("teach_names", False),
    state.choice("teach_reader", "sent", tuple(READERS)),
    state.integer("teach_page", 1, 1, 100),
)
state.declare(*_PARAMS)
# where somebody is in a class is nothing that the view of a lesson's step is about
KEYS = tuple(param.key for param in _PARAMS)
# in the session: a sentence for the line above the page
NOTE = "_class_note"
