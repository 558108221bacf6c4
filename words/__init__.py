"""What the product says, in the language of whoever reads it.

A sentence stands in the code in English, in `_("…")`: that is what it is looked up by. `words/LANGUAGE.po` has the
others; `python -m words` (`make words`) brings them up to date with the code. A module that is imported once for all
readers marks its words with `N_` and says them with `_` where they are shown.

Who asks decides the language at the moment of asking: `using` for a block, else what `listen` was given (a session of a
browser), else English. So a sentence that is kept for several readers is kept as its parts, or once a language.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
ENGLISH = "en"
# what a language calls itself
LANGUAGES = {ENGLISH: "English", "ko": "한국어"}
# For whoever writes pages: each message between brackets, so that what stands outside of them is not translated.
PSEUDO = "en-XA"
_BRACKETS = "⟦{}⟧"

_using: ContextVar[str | None] = ContextVar("language", default=None)
_listening: list[Callable[[], str]] = [lambda: ENGLISH]


def language() -> str:
    """The language of whoever asks: a key of `LANGUAGES`, or `PSEUDO`."""
    return _using.get() or _listening[-1]()


@contextmanager
def using(chosen: str) -> Iterator[None]:
    """Within the block this thread speaks `chosen`."""
    before = _using.set(chosen)
    try:
        yield
    finally:
        _using.reset(before)


def listen(ask: Callable[[], str]) -> None:
    """From now on `ask` says which language it is, in this process."""
    _listening[:] = [ask]


def _(message: str, /, **values: object) -> str:
    """The message in the language of whoever asks, with `values` in place of its `{names}`, as `str.format` has it.

    Without values braces mean nothing. What has no translation is said in English.
    """
    said = _looked_up(message)
    return said.format(**values) if values else said


def N_(message: str, /) -> str:  # noqa: N802 (gettext's own name)
    """The message as it is; it is said with `_` later."""
    return message


def plural(one: str, many: str, /, count: int, **values: object) -> str:
    """`one` or `many`, whichever the language has for this count; `{count}` and `values` filled in."""
    chosen = language()
    if chosen in LANGUAGES:
        said = _catalogue(chosen).ngettext(one, many, count)
    else:
        said = _BRACKETS.format(one if count == 1 else many)
    return said.format(count=count, **values)


def _looked_up(message: str) -> str:
    chosen = language()
    if chosen == ENGLISH or not message:  # the empty message is the catalogue's own head
        return message
    return _catalogue(chosen).gettext(message) if chosen in LANGUAGES else _BRACKETS.format(message)


@cache
def _catalogue(chosen: str) -> gettext.NullTranslations:
    path = FOLDER / f"{chosen}.mo"
    if chosen == ENGLISH or not path.is_file():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)


def asked(header: str) -> str:
    """The best of our languages for a browser's `Accept-Language` ("ko-KR,ko;q=0.9,en;q=0.8"), English where it
    wants none of them (RFC 9110, 12.5.4)."""
    wanted: list[tuple[float, str]] = []
    for part in header.split(","):
        name, _semicolon, weight = part.strip().partition(";")
        try:
            share = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        wanted.append((-share, name.strip().lower()))
    ours = (name.partition("-")[0] for share, name in sorted(wanted, key=lambda each: each[0]) if share < 0)
    return next((name for name in ours if name in LANGUAGES), ENGLISH)


def known(name: str) -> bool:
    """Whether pages can be had in it."""
    return name in LANGUAGES or name == PSEUDO


def of_address(named: str, header: str) -> str:
    """What a page speaks: the language that its address names, where it names one that is known, else the one that the
    browser asks for."""
    return named if known(named) else asked(header)
