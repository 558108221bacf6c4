"""A step of a lesson carried out: its view opened, every answer given, every sentence filled in."""

import re

from core.lessons import answers, wording
from core.lessons.lesson import Lesson, Question
from core.lessons.names import KNOWN
from ui.lessons import quantities
from ui.lessons import view as views

# a sum that a sentence writes out, with all its digits
_SUM = re.compile(r"(?<![·/] )(?<![\d.])\d+(?:\.\d+)?(?: [+−] \d+(?:\.\d+)?)+ = \d+(?:\.\d+)?(?![\d.]*\d)(?! [·/])")


def step(lesson: Lesson, number: int) -> None:
    """Asserts that the step keeps what it promises; a view of its own is needed for its question."""
    found = lesson.steps[number - 1]
    address = found.view or next((each.view for each in reversed(lesson.steps[: number - 1]) if each.view), "")
    numbers = quantities.of(views.parse(address))
    _said(found.text, numbers)
    if found.question:
        _said(found.question.text, numbers)
        {"choice": _choice, "number": _number, "do": _done}[found.question.kind](found.question, numbers)


def _choice(question: Question, numbers) -> None:
    found = [answers.judged(question, answers.as_text(question, at), numbers) for at in range(len(question.replies))]
    assert [outcome.right for outcome in found].count(True) == 1
    assert all(outcome.reply for outcome in found)


def _number(question: Question, numbers) -> None:
    right = question.right.when.value(numbers)
    found = answers.judged(question, answers.as_text(question, right), numbers)
    assert found.right and found.reply == _said(question.right.text, numbers)
    for reply in question.replies:
        mistake = answers.judged(question, answers.as_text(question, reply.when.value(numbers)), numbers)
        assert not mistake.right, reply.when.text
        assert mistake.reply == _said(reply.text, numbers)
    _said(question.otherwise, numbers)


def _done(question: Question, numbers) -> None:
    """It is not done at the start, it is at the end; every sentence can be said at the start."""
    assert not answers.judged(question, answers.DONE, numbers).right
    solved = quantities.of(views.parse(question.solution))
    assert answers.judged(question, answers.DONE, solved).right
    _said(question.right.text, solved)
    for reply in question.replies:
        reply.when.holds(numbers)
        _said(reply.text, numbers)
    _said(question.otherwise, numbers)


def _said(text: str, numbers) -> str:
    """With its numbers; a sum in it is right as it stands there, rounded numbers too."""
    filled = wording.filled(text, numbers, KNOWN)
    for found in _SUM.findall(filled):
        parts, total = found.split(" = ")
        signs, terms = re.findall(r" ([+−]) ", f" + {parts}"), re.split(r" [+−] ", parts)
        added = sum(float(term) * (1 if sign == "+" else -1) for sign, term in zip(signs, terms, strict=True))
        assert round(added, 6) == float(total), found
    return filled
