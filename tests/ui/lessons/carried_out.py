"""A step of a lesson carried out: its view opened, every answer given, every sentence filled in."""

from core.lessons import answers, wording
from core.lessons.lesson import Lesson, Question
from core.lessons.names import KNOWN
from ui.lessons import quantities
from ui.lessons import view as views


def step(lesson: Lesson, number: int) -> None:
    """Asserts that the step keeps what it promises; a view of its own is needed for its question."""
    found = lesson.steps[number - 1]
    address = found.view or next((each.view for each in reversed(lesson.steps[: number - 1]) if each.view), "")
    numbers = quantities.of(views.parse(address))
    wording.filled(found.text, numbers, KNOWN)
    if found.question:
        wording.filled(found.question.text, numbers, KNOWN)
        {"choice": _choice, "number": _number, "do": _done}[found.question.kind](found.question, numbers)


def _choice(question: Question, numbers) -> None:
    found = [answers.judged(question, answers.as_text(question, at), numbers) for at in range(len(question.replies))]
    assert [outcome.right for outcome in found].count(True) == 1
    assert all(outcome.reply for outcome in found)


def _number(question: Question, numbers) -> None:
    right = question.right.when.value(numbers)
    assert answers.judged(question, answers.as_text(question, right), numbers).right
    for reply in question.replies:
        mistake = answers.judged(question, answers.as_text(question, reply.when.value(numbers)), numbers)
        assert not mistake.right, reply.when.text
        assert mistake.reply == wording.filled(reply.text, numbers, KNOWN)
    wording.filled(question.otherwise, numbers, KNOWN)


def _done(question: Question, numbers) -> None:
    """It is not done at the start, it is at the end; every sentence can be said at the start."""
    assert not answers.judged(question, answers.DONE, numbers).right
    solved = quantities.of(views.parse(question.solution))
    assert answers.judged(question, answers.DONE, solved).right
    for reply in question.replies:
        reply.when.holds(numbers)
        wording.filled(reply.text, numbers, KNOWN)
    wording.filled(question.otherwise, numbers, KNOWN)
