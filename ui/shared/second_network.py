"""A second network beside the one of all pages, to compare them on one digit: a choice that some pages offer."""

from __future__ import annotations

from ui.shared import controls, networks, state
from ui.shared.networks import Chosen
from words import _

NONE = "none"


def setting(key: str) -> state.Param:
    """The setting of a page that offers one: the network's key, by default none."""
    return state.text(key, NONE, _no_check, most=networks.MOST_TEXT)


def _no_check(text: str) -> None:
    """A run that is gone is no error: the page then shows one network only."""


def chosen(key: str) -> Chosen | None:
    """The one that the setting `key` says, None where that is none, or one that cannot be had any more."""
    held = state.get(key)
    return networks.named(held) if held != NONE and held in networks.offered() else None


def pick(key: str, help: str) -> Chosen | None:
    """The choice, as a box. key: of the setting."""
    held = controls.pick(key, _("Beside it"), [NONE, *networks.offered()], _name, help)
    return None if held == NONE else networks.named(held)


def _name(held: str) -> str:
    return _("No second network") if held == NONE else networks.named(held).label
