"""Small tables as Markdown: they follow the theme and need no grid to draw."""

from __future__ import annotations

from collections.abc import Iterable


def markdown(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table of texts, left-aligned."""
    lines = [head, (":--",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def code(value: object) -> str:
    """As code that is not broken at its spaces: shapes stay on one line."""
    return f"`{value}`".replace(" ", "\u00a0")
