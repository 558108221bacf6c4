"""The catalogues as files: made from the code by Babel's extraction, written as `.po`, read by the product as `.mo`."""

from __future__ import annotations

import io
import string
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timezone
from pathlib import Path

from babel.messages import Catalog, Message, extract, mofile, pofile

from words import ENGLISH, FOLDER, LANGUAGES, browser

ROOT = FOLDER.parent
_SPOKEN = ("core", "ui", "viz", "pages", "classroom")
_KEYWORDS = {"_": None, "N_": None, "plural": (1, 2)}
_WIDTH = 120
_NO_DATE = datetime(2000, 1, 1, tzinfo=timezone.utc)
OTHERS = tuple(name for name in LANGUAGES if name != ENGLISH)


def messages() -> Catalog:
    """All messages of the code, each with the files that say it."""
    catalogue = Catalog(fuzzy=False)
    for folder in _SPOKEN:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in _READERS:
                name = path.relative_to(ROOT).as_posix()
                for message in _READERS[path.suffix](path.read_text(encoding="utf-8")):
                    # all in line 0: lines change with every edit
                    catalogue.add(message, locations=[(name, 0)])
    return catalogue


def _of_python(source: str) -> Iterator[str | tuple[str, ...]]:
    for _line, message, _comments, _context in extract.extract("python", io.BytesIO(source.encode()), _KEYWORDS):
        yield message


_READERS: dict[str, Callable[[str], Iterable[str | tuple[str, ...]]]] = {
    ".py": _of_python,
    ".js": browser.of_script,
    ".html": browser.of_markup,
}


def path(language: str) -> Path:
    """The catalogue that people edit."""
    return FOLDER / f"{language}.po"


def read(language: str) -> Catalog:
    """What is written there; nothing where there is no such file yet."""
    if not path(language).is_file():
        return Catalog(locale=language)
    with path(language).open("rb") as file:
        return pofile.read_po(file, locale=language)


def update() -> None:
    """Every catalogue has all messages of the code and no others; the `.mo` says the same as the `.po`."""
    for language in OTHERS:
        catalogue = _merged(language)
        path(language).write_bytes(_as_po(catalogue))
        path(language).with_suffix(".mo").write_bytes(as_mo(catalogue))


def _merged(language: str) -> Catalog:
    """A catalogue of its own rather than Babel's `update`: that guesses translations, and keeps a date that changes."""
    before, now = read(language), messages()
    catalogue = Catalog(locale=language, fuzzy=False)
    for message in sorted((each for each in now if each.id), key=lambda each: (each.locations[0], str(each.id))):
        known = before.get(message.id)
        said = known.string if known and known.id == message.id and not known.fuzzy else ""
        catalogue.add(message.id, said, locations=sorted(set(message.locations)))
    return catalogue


def _as_po(catalogue: Catalog) -> bytes:
    made = io.BytesIO()
    pofile.write_po(made, catalogue, width=_WIDTH, omit_header=True, include_lineno=False)
    head = f'msgid ""\nmsgstr ""\n"Language: {catalogue.locale}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    head += f'"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'
    return head.encode() + made.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    """The catalogue as the product reads it; what has no translation is left out. The same for the same words: a file
    that has a date in it changes with every run."""
    small = Catalog(locale=catalogue.locale, fuzzy=False, creation_date=_NO_DATE, revision_date=_NO_DATE)
    for message in catalogue:
        if message.id and _whole(message.string) and not message.fuzzy:
            small.add(message.id, message.string)
    made = io.BytesIO()
    mofile.write_mo(made, small)
    return made.getvalue()


def _whole(said: str | tuple[str, ...] | list[str] | None) -> bool:
    return all(said) if isinstance(said, tuple | list) else bool(said)


def problems() -> list[str]:
    """One sentence for each message that a catalogue has not got, or has got wrong, and for each that nobody says."""
    said = {_key(message): message for message in messages() if message.id}
    found = []
    for language in OTHERS:
        catalogue = {_key(message): message for message in read(language) if message.id}
        missing = [each for each in said if each not in catalogue or not _whole(catalogue[each].string)]
        found += [f"{language}: no translation of {each!r} ({said[each].locations[0][0]})" for each in missing]
        found += [f"{language}: nothing says {each!r} any more" for each in catalogue if each not in said]
        found += [
            f"{language}: {each!r} and its translation have different places for values"
            for each, message in catalogue.items()
            if each in said and _whole(message.string) and not _same_places(message.id, message.string)
        ]
        if _spoken(path(language).with_suffix(".mo").read_bytes()) != _spoken(as_mo(read(language))):
            found.append(f"{language}: the .mo is not made from this .po")
    return found


def _spoken(mo: bytes) -> dict[object, object]:
    """What the product would read: without the head, which names the version of Babel."""
    return {_key(message): message.string for message in mofile.read_mo(io.BytesIO(mo)) if message.id}


def _key(message: Message) -> str | tuple[str, ...]:
    """A plural has a message for one and another for many; which kind of sequence holds them depends on the reader."""
    return message.id if isinstance(message.id, str) else tuple(message.id)


def _same_places(message: object, said: object) -> bool:
    ours = message if isinstance(message, tuple | list) else (message,)
    theirs = said if isinstance(said, tuple | list) else (said,)
    wanted = _places(ours[-1])
    return all(_places(each) == wanted for each in theirs)


def _places(text: str) -> set[str] | None:
    """What stands in braces; None where the braces are none of `str.format`'s: then the message is said without values,
    and braces in it mean nothing."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        return None
    return {f"{name}!{conversion}:{spec}" for _literal, name, spec, conversion in parts if name is not None}
