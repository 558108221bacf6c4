"""Where lessons lie: `lessons/LANGUAGE/NN-key.md`, shipped ones and a teacher's own.

LAYER_LAB_LESSONS names another folder with the same inside, or with files alone, which are then of every language. Its
lessons come before the shipped ones, and take the place of those with the same key.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.lessons import blocks, reader
from core.lessons.lesson import Lesson, LessonError, Plan
from words import _

SHIPPED = Path(__file__).resolve().parents[2] / "lessons"
LANGUAGE = "en"
# beyond them a folder is something else than a folder of lessons
MOST_FILES = 100
_MOST_BYTES = 4 * blocks.MOST_CHARACTERS
_FILE = re.compile(r"(?:[0-9]{1,3}-)?([a-z][a-z0-9-]{0,39})\.md")
PLAN = "plan"


@dataclass(frozen=True)
class Shelf:
    """Lessons in teaching order, plans, and one sentence for each file that is none."""

    lessons: tuple[Lesson, ...]
    plans: tuple[Plan, ...]
    problems: tuple[str, ...] = ()

    def lesson(self, key: str) -> Lesson | None:
        """The lesson of this key, None where there is none."""
        return next((lesson for lesson in self.lessons if lesson.key == key), None)


def own() -> Path | None:
    """The teacher's folder, None where there is none."""
    named = os.environ.get("LAYER_LAB_LESSONS")
    return Path(named).expanduser() if named else None


def shelf(language: str = LANGUAGE) -> Shelf:
    """All lessons of a language. Files are read anew only where they have changed."""
    lessons: dict[str, Lesson] = {}
    plans: dict[str, Plan] = {}
    problems: list[str] = []
    folder = own()
    if folder and not folder.is_dir():
        problems.append(_("LAYER_LAB_LESSONS should name a folder with lessons, and {folder} is none.", folder=folder))
    for path in (*(_files(folder, language) if folder else ()), *_files(SHIPPED, language)):
        try:
            written_in = path.parent.name if path.parent.name in (language, LANGUAGE) else language
            found = _read(path, path.stat().st_mtime_ns, written_in)
        except LessonError as error:
            problems.append(str(error))
            continue
        except OSError as error:
            problems.append(
                _("{file} should be a lesson, and cannot be read: {reason}.", file=path.name, reason=error.strerror)
            )
            continue
        if isinstance(found, Plan):
            plans.setdefault(found.key, found)
        else:
            lessons.setdefault(found.key, found)
    return Shelf(tuple(lessons.values()), tuple(plans.values()), tuple(problems))


def text(key_: str, language: str = LANGUAGE) -> str | None:
    """The file of a lesson, as it is written; None where there is none that can be read."""
    folders = [each for each in (own(), SHIPPED) if each]
    found = next((path for each in folders for path in _files(each, language) if key(path) == key_), None)
    try:
        return found.read_text(encoding="utf-8") if found else None
    except (OSError, UnicodeDecodeError):
        return None


def key(path: Path) -> str | None:
    """The key that a file's name gives its lesson, None where the name is none of a lesson."""
    found = _FILE.fullmatch(path.name)
    return found[1] if found else None


def _files(folder: Path, language: str) -> list[Path]:
    """Of the language; where a folder has none of it, of the one that all are written in first, else of no language."""
    places = (folder / language, folder / LANGUAGE, folder)
    place = next((each for each in places if each.is_dir()), folder)
    return sorted(path for path in place.glob("*.md") if key(path))[:MOST_FILES]


@lru_cache(maxsize=4 * MOST_FILES)
def _read(path: Path, stamp: int, language: str) -> Lesson | Plan:
    """stamp: changes with the file."""
    name = f"{path.parent.name}/{path.name}"
    with path.open("rb") as file:
        data = file.read(_MOST_BYTES + 1)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise LessonError(_("{file}: a lesson is text in UTF-8, and this file is not.", file=name)) from error
    own_key = key(path) or ""
    if own_key.startswith(PLAN):
        return reader.plan(text, name, own_key)
    return reader.lesson(text, name, own_key, language)
