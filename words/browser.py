"""What scripts and markup say in the browser: found in them, and given to them in all languages.

A script says a sentence as Python does, `_("Row {row}", { row })`; in markup every text, and every name for who cannot
see it, is one. They are few, so each page's scripts bring their own words in all languages (ui/components/shared.js).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from html.parser import HTMLParser

from words import ENGLISH, LANGUAGES, _, using

_SAID = re.compile(r'(?<![\w.])_\(\s*("(?:[^"\\\n]|\\.)*")')
_NAMES = ("aria-label", "aria-description", "aria-roledescription", "title", "placeholder", "alt")
_LETTER = re.compile(r"[^\W\d_]{2}")
_SILENT = ("style", "script")


def of_script(script: str) -> list[str]:
    """The messages of a script, in order, each once."""
    return list(dict.fromkeys(json.loads(found) for found in _SAID.findall(script)))


def of_markup(markup: str) -> list[str]:
    """The same of HTML: texts and names with a word in them, their white space as a browser shows it."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return list(dict.fromkeys(reader.found))


def dictionary(messages: Iterable[str]) -> dict[str, dict[str, str]]:
    """Language → message → how it is said there; without English, which they are in."""
    wanted = list(messages)
    said = {}
    for language in LANGUAGES:
        if language != ENGLISH:
            with using(language):
                said[language] = {message: _(message) for message in wanted if _(message) != message}
    return said


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        for name, value in attrs:
            if name in _NAMES:
                self._keep(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._inside = None

    def handle_data(self, data: str) -> None:
        if self._inside not in _SILENT:
            self._keep(data)

    def _keep(self, text: str) -> None:
        said = " ".join(text.split())
        if _LETTER.search(said):
            self.found.append(said)
