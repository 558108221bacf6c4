"""What a lesson is: steps with a view of the dashboard, a question asked before it is shown, and what to say then.

`reader` makes lessons of files, `answers` says which answer is right.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.lessons.expression import Expression
from core.lessons.ranges import ANY, Range

KINDS = {
    "choice": "one of a few answers",
    "number": "a number, as right as `± …` says",
    "do": "something to do on the page; checked on the view as it is then",
}
MOST_STEPS = 20


class LessonError(ValueError):
    """A file that is no lesson; the message names file and line, and says what was expected."""


@dataclass(frozen=True)
class Reply:
    """What to say where `when` is true of the view, or, of a number, where `when` is the number that was answered.

    label: what is to be chosen, of a choice; "" elsewhere. line: where it stands in the file.
    """

    when: Expression
    text: str
    label: str = ""
    line: int = 0


@dataclass(frozen=True)
class Question:
    """One question. kind: one of KINDS.

    open: whether the page stays in sight before the answer. unit: of a number, in words. right: the number, or what
    must be true of the view; None for a choice, of whose `replies` exactly one must be true. tolerance: of a number.
    between: numbers that can be an answer.
    replies: for a choice its answers, else what to say of likely wrong ones. otherwise: of all others. after: whatever
    was answered. solution: of what is to be done, a view where it is done.
    """

    kind: str
    text: str
    replies: tuple[Reply, ...]
    right: Reply | None = None
    open: bool = False
    unit: str = ""
    tolerance: float = 0.0
    between: Range = ANY
    otherwise: str = ""
    after: str = ""
    solution: str = ""
    line: int = 0

    @property
    def covers(self) -> bool:
        """Whether the page is hidden until somebody has answered."""
        return self.kind != "do" and not self.open


@dataclass(frozen=True)
class Step:
    """One step. view: a page with settings, as an address has them; "" where it stays with what is on screen.

    keep: settings that are the learner's own and stay as they are (a drawing, say).
    """

    title: str
    text: str
    view: str = ""
    keep: tuple[str, ...] = ()
    question: Question | None = None
    line: int = 0


@dataclass(frozen=True)
class Lesson:
    """A lesson. key: its name in the address; minutes: what it takes; source: the file that it was read from."""

    key: str
    language: str
    title: str
    summary: str
    minutes: int
    steps: tuple[Step, ...]
    source: str = ""

    @property
    def questions(self) -> int:
        """How many steps ask something."""
        return sum(step.question is not None for step in self.steps)


@dataclass(frozen=True)
class Part:
    """One entry of a plan: some minutes, of a lesson where `lesson` is a key, and what the teacher does then."""

    title: str
    minutes: int
    text: str
    lesson: str = ""


def address(key: str) -> str:
    """What opens a lesson, behind the host."""
    return f"/lessons?lesson={key}"


@dataclass(frozen=True)
class Plan:
    """A way through several lessons."""

    key: str
    title: str
    summary: str
    parts: tuple[Part, ...]
    source: str = ""

    @property
    def minutes(self) -> int:
        """All parts together."""
        return sum(part.minutes for part in self.parts)
