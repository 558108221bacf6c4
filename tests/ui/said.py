"""What an app says: every text of its page that a person reads or hears, of all kinds of elements."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape

_FIELDS = frozenset(
    ("body", "label", "help", "options", "placeholder", "caption", "text", "title", "alt", "spec", "value", "heading")
)
_IN_CHARTS = ("text", "name", "hovertemplate", "hovertext", "ticktext", "label")
# code is the same in every language, and so are the names of icons, and what a browser fills into a hover text
_CODE = re.compile(
    r"<style.*?</style>|<script.*?</script>|<code.*?</code>|<[^>]*>|`[^`]*`|:material/\w+:|:\w+-badge|%\{[^}]*\}",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\([^a-zA-Z0-9\s])")
_SAID = re.compile(r"⟦[^⟦⟧]*⟧")
_WORD = re.compile(r"[^\W\d_]{2,}")


def texts(app) -> Iterator[str]:
    """All of them, as they are written: with Markdown and HTML."""
    for proto in _elements(app._tree):
        for name, text in _strings(proto):
            if name == "spec":
                yield from _of_chart(json.loads(text))
            else:
                yield text


def columns(app, at: int = 0) -> dict[str, list[str]]:
    """One of the tables of ui/shared/tables.py that are HTML: its texts, by the head of their column."""
    page = [each.proto.body for each in app.get("html") if 'class="lab-table"' in each.proto.body][at]
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", page)]
    texts = [[unescape(re.sub("<[^>]*>", "", cell)) for cell in row] for row in rows]
    return {name: values for name, *values in zip(*texts, strict=True)}


def outside(app) -> list[str]:
    """What is said in English where all else stands between ⟦ and ⟧, each once."""
    found = {}
    for text in texts(app):
        left = unescape(_ESCAPED.sub(r"\1", _CODE.sub(" ", text)))
        while _SAID.search(left):  # a message may be part of another
            left = _SAID.sub(" ", left)
        if _WORD.search(left) and not {*"⟦⟧"} & {*left}:  # else it is a piece of a message
            found[" ".join(left.split())] = None
    return list(found)


def _elements(node) -> Iterator:
    if getattr(node, "proto", None) is not None:
        yield node.proto
    for child in getattr(node, "children", {}).values():
        yield from _elements(child)


def _strings(message) -> Iterator[tuple[str, str]]:
    for field, value in message.ListFields():
        several = value if not isinstance(value, str | bytes) and hasattr(value, "__iter__") else [value]
        for each in several:
            if hasattr(each, "ListFields"):
                yield from _strings(each)
            elif isinstance(each, str) and field.name in _FIELDS:
                yield field.name, each


def _of_chart(part, key: str = "") -> Iterator[str]:
    if isinstance(part, dict):
        for name, each in part.items():
            yield from _of_chart(each, name)
    elif isinstance(part, list):
        for each in part:
            yield from _of_chart(each, key)
    elif isinstance(part, str) and key in _IN_CHARTS:
        yield part
