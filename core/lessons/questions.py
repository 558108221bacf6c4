"""The question of a step, from the lines below its @ask."""

from __future__ import annotations

from collections.abc import Iterator

from core.lessons import expression, ranges
from core.lessons.blocks import Block, FaultError, check_text, check_words
from core.lessons.expression import Expression, ExpressionError
from core.lessons.lesson import KINDS, Question, Reply
from core.lessons.names import KNOWN, RANGES
from core.lessons.ranges import Range
from words import N_, _

MOST_OPTIONS = 6
_AFTER_ASK = {
    "choice": ("option", "after"),
    "number": ("right", "between", "wrong", "otherwise", "after"),
    "do": ("right", "wrong", "otherwise", "after", "solution"),
}


def question(blocks: list[Block]) -> Question:
    """blocks: the one of @ask first. Raises FaultError."""
    ask, *rest = blocks
    kind, *more = (part.strip() for part in ask.said.split(","))
    if kind not in KINDS:
        raise FaultError(
            ask.line,
            _("@ask is followed by one of {kinds}, not “{given}”.", kinds=", ".join(KINDS), given=kind[:30]),
        )
    if not ask.text:
        raise FaultError(ask.line, _("The question is expected below @ask, and nothing stands there."))
    check_words(rest, _AFTER_ASK[kind], N_("Below @ask {kind} there can be {words}; here is @{word}."), kind=kind)
    is_open = "open" in more
    units = [part for part in more if part != "open"]
    if len(units) > (kind == "number"):
        raise FaultError(
            ask.line,
            _(
                "@ask {kind} may be followed by open, and of a number by its unit; not “{given}”.",
                kind=kind,
                given=units[0][:30],
            ),
        )
    rights = [block for block in rest if block.word == "right"]
    if kind != "choice" and not rights:
        raise FaultError(ask.line, _("@ask {kind} needs a line @right with what is right.", kind=kind))
    solution = next((block.said for block in rest if block.word == "solution"), "")
    if kind == "do" and not solution:
        raise FaultError(ask.line, _("@ask do needs a line @solution with an address where it is done."))
    said, tolerance = _with_tolerance(rights[0], kind) if rights else ("", 0.0)
    for block in (ask, *rest):
        check_text(block.text, block.line)
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


def _with_tolerance(block: Block, kind: str) -> tuple[str, float]:
    """The expression, and how far from it an answer may be."""
    said, sign, far = (part.strip() for part in block.said.partition("±"))
    if sign and kind != "number":
        raise FaultError(block.line, _("± goes with a number; what is to be done is true or not."))
    try:
        tolerance = float(far) if sign else 0.0
    except ValueError:
        tolerance = -1.0
    if not 0 <= tolerance < float("inf"):
        raise FaultError(block.line, _("A number is expected behind ±, not “{given}”.", given=far[:20]))
    return said, tolerance


def _between(right: Reply, replies: tuple[Reply, ...], blocks: list[Block]) -> Range:
    """Which numbers can be an answer: what is asked says it, or a line @between."""
    found = ranges.of(right.when, RANGES)
    for block in blocks:
        if block.word == "between":
            found = found.within(*_bounds(block))
    for reply in (right, *replies):
        if not reply.when.names and (problem := found.problem(float(reply.when.value({})))):
            raise FaultError(reply.line, problem)
    return found


def _bounds(block: Block) -> tuple[float, float]:
    try:
        low, high = map(float, block.said.split())
    except ValueError:
        low = high = 0.0
    if not float("-inf") < low < high < float("inf"):
        raise FaultError(
            block.line, _("Two numbers are expected behind @between, the smaller one first, such as @between 0 8.")
        )
    return low, high


def _options(blocks: list[Block], ask: Block) -> Iterator[Reply]:
    found = [block for block in blocks if block.word == "option"]
    if not 2 <= len(found) <= MOST_OPTIONS:
        raise FaultError(
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
            raise FaultError(
                block.line, _("@option is followed by the answer, :: and when it is right: @option All :: zeros == 1")
            )
        yield Reply(_expression(when, block.line), block.text, label, block.line)


def _wrongs(blocks: list[Block]) -> Iterator[Reply]:
    for block in blocks:
        if block.word == "wrong":
            if not block.text:
                raise FaultError(
                    block.line, _("What to say to this answer is expected below @wrong, and nothing stands there.")
                )
            yield Reply(_expression(block.said, block.line), block.text, line=block.line)


def _expression(said: str, line: int) -> Expression:
    try:
        return expression.parse(said, KNOWN)
    except ExpressionError as error:
        raise FaultError(line, str(error)) from error
