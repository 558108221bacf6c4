"""Tables as Markdown or HTML: they follow the theme, need no grid to draw, and are read row by row by a reader; a grid
of Streamlit's is a picture, with a stop of Tab for each of its columns."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from html import escape

_ROW, _COLUMN = ' scope="row"', ' scope="col"'


def markdown(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table of texts, left-aligned."""
    lines = [head, (":--",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def html(
    name: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]], numbers: Collection[int] = (), bar: int = -1
) -> str:
    """A table of texts that is wide, for `st.html`; the first column stays where the others are scrolled. What stands
    between backticks is code.

    name: what it is; numbers: columns that are right-aligned; bar: one of them whose "12.3 %" are drawn as bars, too.
    """

    def cell(at: int, said: str, tag: str, more: str = "") -> str:
        number = ' class="number"' if at in numbers else ""
        shown = f"<code>{escape(said[1:-1])}</code>" if said.startswith("`") else escape(said)
        return f"<{tag}{more}{number}>{shown}</{tag}>"

    def row(said: tuple[str, ...]) -> str:
        first, *rest = said
        cells = [
            cell(at, each, "td", f' style="--share: {each.replace(" ", "")}" data-bar' if at == bar else "")
            for at, each in enumerate(rest, 1)
        ]
        return f"<tr>{cell(0, first, 'th', _ROW)}{''.join(cells)}</tr>"

    heads = "".join(cell(at, each, "th", _COLUMN) for at, each in enumerate(head))
    return (
        f'<div class="lab-table" role="region" aria-label="{escape(name)}" tabindex="0"><table>'
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(map(row, rows))}</tbody></table></div>"
    )


def code(value: object) -> str:
    """As code that is not broken at its spaces: shapes stay on one line."""
    return f"`{value}`".replace(" ", "\u00a0")
