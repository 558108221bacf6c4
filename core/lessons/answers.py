"""Which answer is right, and what to say to the one that was given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.lessons import wording
from core.lessons.expression import ExpressionError
from core.lessons.lesson import Question, Reply
from core.lessons.names import KNOWN
from words import _

# an exact number may have gone through float32 or a box of a browser
_ROUNDING = 1e-6
# the answer to a question that asks for something to be done: the learner wants it to be looked at
DONE = "done"
_LETTERS = "abcdefgh"
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?(?:e-?[0-9]{1,2})?")


@dataclass(frozen=True)
class Outcome:
    """An answer beside what is right. said, truth: in words, "" where there is nothing to compare; reply: why."""

    right: bool
    said: str
    truth: str
    reply: str
    after: str


def as_text(question: Question, given: float | int | None) -> str:
    """An answer for the address: the place of a choice as a letter, a number, or DONE. `problem` reads it."""
    if question.kind == "choice":
        return _LETTERS[int(given or 0)]
    return DONE if question.kind == "do" else f"{given:.9g}"


def problem(question: Question, answer: str) -> str | None:
    """One sentence why this can be no answer to the question, or None."""
    letters, given = _LETTERS[: len(question.replies)], answer[:12]
    match question.kind:
        case "choice" if answer not in letters or len(answer) != 1:
            return _("One of the answers {letters} is expected, not “{given}”.", letters=letters, given=given)
        case "number" if not _NUMBER.fullmatch(answer):
            return _("A number is expected, not “{given}”.", given=given)
        case "do" if answer != DONE:
            return _("“{done}” is expected, not “{given}”.", done=DONE, given=given)
        case "number":
            return question.between.problem(float(answer))
    return None


def judged(question: Question, answer: str, quantities: Mapping[str, Any]) -> Outcome:
    """The answer beside what the view has. What the quantities raise goes through.

    Raises ExpressionError where the question cannot be answered on this view: of a choice not exactly one is true.
    """
    if wrong := problem(question, answer):
        raise ExpressionError(wrong)
    match question.kind:
        case "choice":
            return _choice(question, answer, quantities)
        case "number":
            return _number(question, float(answer), quantities)
    return _done(question, quantities)


def right_answer(question: Question, quantities: Mapping[str, Any]) -> str:
    """What is right, in words, for the answer sheet. Raises as `judged` does."""
    match question.kind:
        case "choice":
            return _true(question, quantities).label
        case "number":
            assert question.right is not None
            return _unit(question, question.right.when.value(quantities))
    assert question.right is not None
    return _("done when {condition}", condition=question.right.when.text)


def _choice(question: Question, answer: str, quantities: Mapping[str, Any]) -> Outcome:
    chosen, true = question.replies[_LETTERS.index(answer)], _true(question, quantities)
    return _outcome(question, chosen is true, chosen.label, true.label, chosen.text, quantities)


def _true(question: Question, quantities: Mapping[str, Any]) -> Reply:
    found = [reply for reply in question.replies if reply.when.holds(quantities)]
    if len(found) != 1:
        raise ExpressionError(
            _("Exactly one answer of a choice should be true, and on this view {count} are.", count=len(found))
        )
    return found[0]


def _number(question: Question, answer: float, quantities: Mapping[str, Any]) -> Outcome:
    assert question.right is not None
    true = _as_number(question.right, quantities)
    is_right = abs(answer - true) <= question.tolerance + _ROUNDING * max(1.0, abs(true))
    reply = question.right if is_right else _meant(question, answer, quantities)
    said = _unit(question, int(answer) if answer.is_integer() else answer)
    text = reply.text if reply else question.otherwise
    return _outcome(question, is_right, said, _unit(question, question.right.when.value(quantities)), text, quantities)


def _meant(question: Question, answer: float, quantities: Mapping[str, Any]) -> Reply | None:
    """The mistake that gives this number: the nearest one, where several would do."""
    near = [(abs(answer - _as_number(reply, quantities)), reply) for reply in question.replies]
    within = [
        (distance, reply)
        for distance, reply in near
        if distance <= question.tolerance + _ROUNDING * max(1.0, abs(answer))
    ]
    return min(within, key=lambda pair: pair[0])[1] if within else None


def _as_number(reply: Reply, quantities: Mapping[str, Any]) -> float:
    found = reply.when.value(quantities)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise ExpressionError(_("“{text}” should be a number, and is {found!r}.", text=reply.when.text, found=found))
    return float(found)


def _done(question: Question, quantities: Mapping[str, Any]) -> Outcome:
    assert question.right is not None
    try:
        is_done = question.right.when.holds(quantities)
    except ExpressionError:  # what was typed gives no numbers to compare: the page says what is wrong with it
        return Outcome(False, "", "", _("Not yet: look at what the page says about what you did."), "")
    if is_done:
        return _outcome(question, True, "", "", question.right.text, quantities)
    reply = next((reply.text for reply in question.replies if reply.when.holds(quantities)), question.otherwise)
    return _outcome(question, False, "", "", reply or _("Not yet."), quantities, after=False)


def _outcome(
    question: Question,
    right: bool,
    said: str,
    truth: str,
    reply: str,
    quantities: Mapping[str, Any],
    after: bool = True,
) -> Outcome:
    reply, later = (wording.filled(text, quantities, KNOWN) for text in (reply, question.after if after else ""))
    return Outcome(right, said, truth, reply, later)


def _unit(question: Question, value: Any) -> str:
    return with_unit(question, wording.shown(value))


def with_unit(question: Question, number: str) -> str:
    """A number as an answer to this question."""
    return _("{number} {unit}", number=number, unit=question.unit) if question.unit else number
