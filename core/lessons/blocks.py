"""A file of lessons as its parts: the front matter, then headings and lines that begin with @, each with what stands
below it. What is wrong raises FaultError with the line; `reader` says what the parts mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from core.lessons import wording
from core.lessons.expression import ExpressionError
from core.lessons.names import KNOWN
from words import _

MOST_CHARACTERS = 60_000
_ONCE = ("view", "keep", "ask", "right", "between", "otherwise", "after", "solution")
_DIRECTIVE = re.compile(r"@([a-z]+)(?:\s+(.*))?")


@dataclass
class Block:
    """A line that begins with @, or a heading, and the lines below it up to the next one. line: its number."""

    word: str
    said: str
    line: int
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What stands below it."""
        return "\n".join(self.lines).strip()


class FaultError(ValueError):
    """Something that is wrong at a line."""

    def __init__(self, line: int, message: str):
        super().__init__(message)
        self.line = line


def opened(text: str, names: tuple[str, ...]) -> tuple[dict[str, tuple[str, int]], list[tuple[int, str]]]:
    """The front matter, each value with its line, and the numbered lines behind it. names: what it must have.

    Raises FaultError.
    """
    if len(text) > MOST_CHARACTERS:
        raise FaultError(
            1,
            _(
                "A file has at most {most:,} characters, this one {length:,}.",
                most=MOST_CHARACTERS,
                length=len(text),
            ),
        )
    lines = list(enumerate(text.replace("\r\n", "\n").removeprefix("\ufeff").split("\n"), 1))
    if lines[0][1].strip() != "---":
        raise FaultError(
            1,
            _(
                "The first line should be ---, and below it {names}; it is “{line}”.",
                names=", ".join(names),
                line=lines[0][1][:40],
            ),
        )
    end = next((at for at, (_number, line) in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if end is None:
        raise FaultError(1, _("The lines at the top should end with another ---, and there is none."))
    found: dict[str, tuple[str, int]] = {}
    for number, line in lines[1:end]:
        name, colon, value = (part.strip() for part in line.partition(":"))
        if not line.strip():
            continue
        if not colon or name not in names or name in found or not value:
            raise FaultError(
                number,
                _(
                    "Each of {names} is expected once, as name: value; here is “{line}”.",
                    names=", ".join(names),
                    line=line[:60],
                ),
            )
        found[name] = (value, number)
    if missing := [name for name in names if name not in found]:
        raise FaultError(
            lines[end][0], _("{names} should stand above this line, and is missing.", names=", ".join(missing))
        )
    return found, lines[end + 1 :]


def sections(lines: list[tuple[int, str]]) -> Iterator[list[Block]]:
    """The blocks of each part that begins with ##; the first of them is the heading. Raises FaultError."""
    section: list[Block] = []
    fenced = False
    for number, line in lines:
        fenced ^= line.lstrip().startswith("```")
        if not fenced and line.startswith("## "):
            if section:
                yield section
            section = [Block("", line[3:].strip(), number)]
        elif not section:
            if line.strip():
                raise FaultError(
                    number, _("Text stands below a line ## Title, and there is none above “{line}”.", line=line[:40])
                )
        elif not fenced and line.startswith("@"):
            section.append(_directive(line, number))
        else:
            section[-1].lines.append(line)
    if section:
        yield section


def _directive(line: str, number: int) -> Block:
    found = _DIRECTIVE.fullmatch(line.rstrip())
    if found is None:
        raise FaultError(number, _("A word is expected behind @, such as @view; here is “{line}”.", line=line[:40]))
    return Block(found[1], (found[2] or "").strip(), number)


def check_words(blocks: list[Block], allowed: tuple[str, ...], message: str, **values: str) -> None:
    """message: what to say to a word that is not allowed; values: what it says besides `words` and `word`."""
    seen = set()
    for block in blocks:
        if block.word not in allowed:
            words = ", ".join(f"@{word}" for word in allowed)
            raise FaultError(block.line, _(message, words=words, word=block.word, **values))
        if block.word in _ONCE and block.word in seen:
            raise FaultError(block.line, _("@{word} stands once in a step, and here it stands again.", word=block.word))
        seen.add(block.word)


def check_text(text: str, line: int) -> None:
    """Raises FaultError where what stands in braces is none of our quantities. line: what to call the place."""
    try:
        wording.gaps(text, KNOWN)
    except ExpressionError as error:
        raise FaultError(line, str(error)) from error
