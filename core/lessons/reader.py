"""Lessons and plans from their files: Markdown with a small front matter and a few lines that begin with @.

    ---
    title: Stride, padding, shapes
    summary: Where height and width of a map come from.
    minutes: 7
    ---

    ## Without padding
    @view /conv2d?net=Conv2D 8 5 valid - Flatten - Dense 10 softmax
    A kernel of 5×5 must lie inside the picture of 28×28.

    @ask number, rows
    How many rows has each map?
    @right output_shape[0]
    Yes: 28 − 5 + 1.
    @wrong input_shape[0]
    That is the picture.
    @otherwise
    Count the places where the kernel's upper edge can be.
    @after
    Turn **Kernel size** and see.

A reader of our own, for two dozen lines of grammar: a library for YAML would read the four lines of the front matter
and nothing of the rest. `lesson` says what the parts mean; README, “Lessons of your own”, says it to teachers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from core.lessons import expression, ranges, wording
from core.lessons.expression import Expression, ExpressionError
from core.lessons.lesson import KINDS, MOST_STEPS, Lesson, LessonError, Part, Plan, Question, Reply, Step
from core.lessons.names import KNOWN
from core.lessons.ranges import Range
from words import N_, _

MOST_CHARACTERS = 60_000
MOST_OPTIONS = 6
MOST_MINUTES = 90
_LESSON_FIELDS = ("title", "summary", "minutes")
_PLAN_FIELDS = ("title", "summary")
_BEFORE_ASK = ("view", "keep", "ask")
_AFTER_ASK = {
    "choice": ("option", "after"),
    "number": ("right", "between", "wrong", "otherwise", "after"),
    "do": ("right", "wrong", "otherwise", "after", "solution"),
}
_ONCE = ("view", "keep", "ask", "right", "between", "otherwise", "after", "solution")
_DIRECTIVE = re.compile(r"@([a-z]+)(?:\s+(.*))?")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass
class _Block:
    """A line that begins with @, or a heading, and the lines below it up to the next one. line: its number."""

    word: str
    said: str
    line: int
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What stands below it."""
        return "\n".join(self.lines).strip()


class _FaultError(ValueError):
    """Something that is wrong at a line."""

    def __init__(self, line: int, message: str):
        super().__init__(message)
        self.line = line


def _at(source: str, fault: _FaultError) -> str:
    return _("{file}, line {line}: {fault}", file=source, line=fault.line, fault=fault)


def lesson(text: str, source: str, key: str, language: str) -> Lesson:
    """The lesson that a file holds. source: what to call the file in errors. Raises LessonError."""
    try:
        known, body = _opened(text, _LESSON_FIELDS)
        steps = tuple(_step(blocks) for blocks in _sections(body))
        if not 0 < len(steps) <= MOST_STEPS:
            raise _FaultError(
                1,
                _(
                    "A lesson has from 1 to {most} steps, each below a line ## Title; here are {count}.",
                    most=MOST_STEPS,
                    count=len(steps),
                ),
            )
        return Lesson(key, language, known["title"][0], known["summary"][0], _minutes(*known["minutes"]), steps, source)
    except _FaultError as fault:
        raise LessonError(_at(source, fault)) from fault


def plan(text: str, source: str, key: str) -> Plan:
    """The plan that a file holds: a heading a part, `## 10 Title`, and a line `@lesson key` where it is a lesson.

    Raises LessonError.
    """
    try:
        known, body = _opened(text, _PLAN_FIELDS)
        parts = tuple(_part(blocks) for blocks in _sections(body))
        if not parts:
            raise _FaultError(1, _("A plan needs at least one part below a line such as ## 10 Pooling, and has none."))
        return Plan(key, known["title"][0], known["summary"][0], parts, source)
    except _FaultError as fault:
        raise LessonError(_at(source, fault)) from fault


def _opened(text: str, names: tuple[str, ...]) -> tuple[dict[str, tuple[str, int]], list[tuple[int, str]]]:
    """The front matter, each value with its line, and the numbered lines behind it."""
    if len(text) > MOST_CHARACTERS:
        raise _FaultError(
            1,
            _(
                "A file has at most {most:,} characters, this one {length:,}.",
                most=MOST_CHARACTERS,
                length=len(text),
            ),
        )
    lines = list(enumerate(text.replace("\r\n", "\n").removeprefix("\ufeff").split("\n"), 1))
    if lines[0][1].strip() != "---":
        raise _FaultError(
            1,
            _(
                "The first line should be ---, and below it {names}; it is “{line}”.",
                names=", ".join(names),
                line=lines[0][1][:40],
            ),
        )
    end = next((at for at, (_number, line) in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if end is None:
        raise _FaultError(1, _("The lines at the top should end with another ---, and there is none."))
    found: dict[str, tuple[str, int]] = {}
    for number, line in lines[1:end]:
        name, colon, value = (part.strip() for part in line.partition(":"))
        if not line.strip():
            continue
        if not colon or name not in names or name in found or not value:
            raise _FaultError(
                number,
                _(
                    "Each of {names} is expected once, as name: value; here is “{line}”.",
                    names=", ".join(names),
                    line=line[:60],
                ),
            )
        found[name] = (value, number)
    if missing := [name for name in names if name not in found]:
        raise _FaultError(
            lines[end][0], _("{names} should stand above this line, and is missing.", names=", ".join(missing))
        )
    return found, lines[end + 1 :]


def _minutes(said: str, line: int) -> int:
    if not said.isdecimal() or not 1 <= int(said) <= MOST_MINUTES:
        raise _FaultError(
            line, _("minutes is a whole number from 1 to {most}, not “{given}”.", most=MOST_MINUTES, given=said[:20])
        )
    return int(said)


def _sections(lines: list[tuple[int, str]]) -> Iterator[list[_Block]]:
    """The blocks of each part that begins with ##; the first of them is the heading."""
    section: list[_Block] = []
    fenced = False
    for number, line in lines:
        fenced ^= line.lstrip().startswith("```")
        if not fenced and line.startswith("## "):
            if section:
                yield section
            section = [_Block("", line[3:].strip(), number)]
        elif not section:
            if line.strip():
                raise _FaultError(
                    number, _("Text stands below a line ## Title, and there is none above “{line}”.", line=line[:40])
                )
        elif not fenced and line.startswith("@"):
            section.append(_directive(line, number))
        else:
            section[-1].lines.append(line)
    if section:
        yield section


def _directive(line: str, number: int) -> _Block:
    found = _DIRECTIVE.fullmatch(line.rstrip())
    if found is None:
        raise _FaultError(number, _("A word is expected behind @, such as @view; here is “{line}”.", line=line[:40]))
    return _Block(found[1], (found[2] or "").strip(), number)


def _step(blocks: list[_Block]) -> Step:
    title, *rest = blocks
    if not title.said:
        raise _FaultError(title.line, _("A step needs a title behind ##."))
    at = next((place for place, block in enumerate(rest) if block.word == "ask"), len(rest))
    before, asked = rest[:at], rest[at:]
    _check_words(before, _BEFORE_ASK, N_("Before @ask there can be {words}; here is @{word}."))
    named = {block.word: block for block in before}
    # the text of a step goes on below its @view
    text = "\n\n".join(block.text for block in (title, *before) if block.text)
    _check_text(text, title.line)
    question = _question(asked) if asked else None
    view = named.get("view")
    if question and question.covers and not (view and view.said):
        raise _FaultError(question.line, _("A question that is asked before the picture needs a line @view above it."))
    return Step(title.said, text, view.said if view else "", _kept(named.get("keep")), question, title.line)


def _kept(block: _Block | None) -> tuple[str, ...]:
    if block is None:
        return ()
    names = tuple(block.said.replace(",", " ").split())
    if not names or not all(_NAME.fullmatch(name) for name in names):
        raise _FaultError(
            block.line, _("@keep is followed by the settings that stay as they are, such as @keep drawn.")
        )
    return names


def _check_words(blocks: list[_Block], allowed: tuple[str, ...], message: str, **values: str) -> None:
    """message: what to say to a word that is not allowed; values: what it says besides `words` and `word`."""
    seen = set()
    for block in blocks:
        if block.word not in allowed:
            words = ", ".join(f"@{word}" for word in allowed)
            raise _FaultError(block.line, _(message, words=words, word=block.word, **values))
        if block.word in _ONCE and block.word in seen:
            raise _FaultError(
                block.line, _("@{word} stands once in a step, and here it stands again.", word=block.word)
            )
        seen.add(block.word)


def _question(blocks: list[_Block]) -> Question:
    ask, *rest = blocks
    kind, *more = (part.strip() for part in ask.said.split(","))
    if kind not in KINDS:
        raise _FaultError(
            ask.line,
            _("@ask is followed by one of {kinds}, not “{given}”.", kinds=", ".join(KINDS), given=kind[:30]),
        )
    if not ask.text:
        raise _FaultError(ask.line, _("The question is expected below @ask, and nothing stands there."))
    _check_words(rest, _AFTER_ASK[kind], N_("Below @ask {kind} there can be {words}; here is @{word}."), kind=kind)
    is_open = "open" in more
    units = [part for part in more if part != "open"]
    if len(units) > (kind == "number"):
        raise _FaultError(
            ask.line,
            _(
                "@ask {kind} may be followed by open, and of a number by its unit; not “{given}”.",
                kind=kind,
                given=units[0][:30],
            ),
        )
    rights = [block for block in rest if block.word == "right"]
    if kind != "choice" and not rights:
        raise _FaultError(ask.line, _("@ask {kind} needs a line @right with what is right.", kind=kind))
    solution = next((block.said for block in rest if block.word == "solution"), "")
    if kind == "do" and not solution:
        raise _FaultError(ask.line, _("@ask do needs a line @solution with an address where it is done."))
    said, tolerance = _with_tolerance(rights[0], kind) if rights else ("", 0.0)
    for block in (ask, *rest):
        _check_text(block.text, block.line)
    plain = {block.word: block.text for block in rest}
    right = Reply(_expression(said, rights[0].line), rights[0].text, line=rights[0].line) if rights else None
    replies = tuple(_options(rest, ask) if kind == "choice" else _wrongs(rest))
    between = _between(right, replies, rest) if right and kind == "number" else ranges.ANY
    return Question(
        kind,
        ask.text,
        replies,
        right,
        is_open,
        units[0] if units else "",
        tolerance,
        between,
        plain.get("otherwise", ""),
        plain.get("after", ""),
        solution,
        ask.line,
    )


def _with_tolerance(block: _Block, kind: str) -> tuple[str, float]:
    """The expression, and how far from it an answer may be."""
    said, sign, far = (part.strip() for part in block.said.partition("±"))
    if sign and kind != "number":
        raise _FaultError(block.line, _("± goes with a number; what is to be done is true or not."))
    try:
        tolerance = float(far) if sign else 0.0
    except ValueError:
        tolerance = -1.0
    if not 0 <= tolerance < float("inf"):
        raise _FaultError(block.line, _("A number is expected behind ±, not “{given}”.", given=far[:20]))
    return said, tolerance


def _between(right: Reply, replies: tuple[Reply, ...], blocks: list[_Block]) -> Range:
    """Which numbers can be an answer: what is asked says it, or a line @between."""
    found = ranges.of(right.when)
    for block in blocks:
        if block.word == "between":
            found = found.within(*_bounds(block))
    for reply in (right, *replies):
        if not reply.when.names and (problem := found.problem(float(reply.when.value({})))):
            raise _FaultError(reply.line, problem)
    return found


def _bounds(block: _Block) -> tuple[float, float]:
    try:
        low, high = map(float, block.said.split())
    except ValueError:
        low = high = 0.0
    if not float("-inf") < low < high < float("inf"):
        raise _FaultError(
            block.line, _("Two numbers are expected behind @between, the smaller one first, such as @between 0 8.")
        )
    return low, high


def _options(blocks: list[_Block], ask: _Block) -> Iterator[Reply]:
    found = [block for block in blocks if block.word == "option"]
    if not 2 <= len(found) <= MOST_OPTIONS:
        raise _FaultError(
            ask.line,
            _(
                "A choice has from 2 to {most} lines @option, this one {count}.",
                most=MOST_OPTIONS,
                count=len(found),
            ),
        )
    for block in found:
        label, colons, when = (part.strip() for part in block.said.rpartition("::"))
        if not colons or not label:
            raise _FaultError(
                block.line, _("@option is followed by the answer, :: and when it is right: @option All :: zeros == 1")
            )
        yield Reply(_expression(when, block.line), block.text, label, block.line)


def _wrongs(blocks: list[_Block]) -> Iterator[Reply]:
    for block in blocks:
        if block.word == "wrong":
            if not block.text:
                raise _FaultError(
                    block.line, _("What to say to this answer is expected below @wrong, and nothing stands there.")
                )
            yield Reply(_expression(block.said, block.line), block.text, line=block.line)


def _expression(said: str, line: int) -> Expression:
    try:
        return expression.parse(said, KNOWN)
    except ExpressionError as error:
        raise _FaultError(line, str(error)) from error


def _check_text(text: str, line: int) -> None:
    try:
        wording.gaps(text, KNOWN)
    except ExpressionError as error:
        raise _FaultError(line, str(error)) from error


def _part(blocks: list[_Block]) -> Part:
    heading, *rest = blocks
    minutes, _space, title = heading.said.partition(" ")
    if not minutes.isdecimal() or not title.strip():
        raise _FaultError(
            heading.line,
            _(
                "A part of a plan is ## minutes title, such as ## 10 Pooling; here is “{line}”.",
                line=heading.said[:40],
            ),
        )
    _check_words(rest, ("lesson",), N_("In a plan there can be {words}; here is @{word}."))
    text = "\n\n".join(block.text for block in blocks if block.text)
    return Part(title.strip(), _minutes(minutes, heading.line), text, rest[0].said if rest else "")
