"""Sentences of a lesson with numbers of the view in them: “It is {100 * zeros:.0f} per cent.”"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from core.lessons import expression
from core.lessons.expression import Expression, ExpressionError
from words import _

# {{ and }} stand for the brackets themselves
_GAP = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
# of a share in per cent, behind the point
_MOST_DIGITS = 4
_FORMAT = re.compile(r"[+,]?(?:\.[0-9]{1,2})?[dfge%]?")


def gaps(text: str, known: Mapping[str, object]) -> list[tuple[Expression, str]]:
    """What stands in brackets, each with its format. Raises ExpressionError for what is none."""
    return [_gap(found[1], known) for found in _GAP.finditer(text) if found[1] is not None]


def filled(text: str, quantities: Mapping[str, Any], known: Mapping[str, object]) -> str:
    """The sentence with its numbers. What the quantities raise goes through."""

    def put(found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0][0]
        asked, form = _gap(found[1], known)
        return shown(asked.value(quantities), form)

    return _GAP.sub(put, text)


def blanked(text: str) -> str:
    """The sentence with a line in place of each number."""
    return _GAP.sub(lambda found: found[0][0] if found[1] is None else "____", text)


def shown(value: Any, form: str = "") -> str:
    """A value as people read it: 1,234, 0.1235, (26, 26, 4), yes. form: as Python's format has it, of a number.

    Raises ExpressionError for what no sentence can hold, an array say.
    """
    try:
        match value:
            case bool():
                return _("yes") if value else _("no")
            case str():
                return value
            case int():
                return format(value, form or ",")
            case float():
                return _rounded(value, form or ".4g").replace("-", "−")
            case tuple():
                return str(tuple(each.item() if hasattr(each, "item") else each for each in value))
    except ValueError as error:
        raise ExpressionError(
            _("“{form}” should be a format such as .1f or .0%, and does not suit {value!r}.", form=form, value=value)
        ) from error
    raise ExpressionError(
        _("A sentence can hold a number, a word or a shape, and this is an array: say which of its cells.")
    )


def _rounded(value: float, form: str) -> str:
    """A share that is neither all nor nothing does not become it by rounding: it takes further digits."""
    said = format(value, form)
    if form.endswith("%") and 0 < value < 1:
        finer = (format(value, f".{digits}%") for digits in range(1, _MOST_DIGITS + 1))
        return next((each for each in (said, *finer) if float(each.replace(",", "")[:-1]) not in (0, 100)), said)
    return said


def _gap(inside: str, known: Mapping[str, object]) -> tuple[Expression, str]:
    said, _colon, form = inside.partition(":")
    if not _FORMAT.fullmatch(form.strip()):
        raise ExpressionError(_("“{form}” should be a format such as .1f or .0%.", form=form))
    return expression.parse(said, known), form.strip()
