"""Which class somebody is in, and what a teacher looks at: in the address, like every view. Who somebody is says the
cookie of their browser."""

from __future__ import annotations

from dataclasses import replace

from core.classes import keys
from core.classes.limits import CODE_DIGITS
from ui.shared import state
from words import N_, _

CLASS = "class"
# of a training: the key of the class whose drawings it sees
DRAWINGS = "fit_drawings"
PARTS = {"lead": N_("Lead"), "board": N_("Board"), "confusion": N_("Confusion")}
READERS = {"sent": N_("Whoever sent it"), "now": N_("The sidebar's network")}


def _code(said: str) -> None:
    if said and not (said.isascii() and said.isdecimal() and len(said) == CODE_DIGITS):
        raise ValueError(_("the {count} digits of a class's code", count=CODE_DIGITS))


def _key(said: str) -> None:
    """A lesson that is not here any more is said on the page."""
    if not set(said) <= set("abcdefghijklmnopqrstuvwxyz0123456789-"):
        raise ValueError(_("the name of a lesson, such as shapes"))


def _drawings(said: str) -> None:
    if said and not keys.is_key(said):
        raise ValueError(_("what names the drawings of a class, as the board on Teach does"))


def _first_step() -> None:
    """Another lesson begins at its first step."""
    state.put({"teach_step": 1})


_PARAMS = (
    state.text(CLASS, "", _code, most=CODE_DIGITS),
    state.text(DRAWINGS, "", _drawings, most=30),
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
# in the session: the pupil that this window is; and that it came back into its class by itself
PUPIL, STILL = "_class_pupil", "_class_still"
# in the session: a window that could choose drawings to train on may go on choosing
OFFERED = "_class_offered"
