"""What is wrong with a run's folder, in words, and what of it can still be used."""

from __future__ import annotations

import zipfile
from functools import lru_cache
from pathlib import Path

import words
from core.runs import folders, schema
from core.runs.folders import Run, RunError
from core.runs.schema import DamageError
from core.storage import files
from core.storage.files import FileError
from words import _, plural

_REMEMBERED = 2048


def damages(run: Run) -> list[str]:
    """A sentence or two for each damaged file; none for a sound run, and none for one that was deleted.

    Of weights it is looked at how many there are; the numbers themselves are read when they are used.
    """
    try:
        shapes = run.spec.network.weight_shapes()
    except RunError as error:
        return _without_settings(run, str(error))
    found = []
    try:
        schema.state(schema.content(run.folder / folders.STATE))
    except FileNotFoundError:
        found.append(_("state.json is missing. Curves and weights can still be used."))
    except DamageError as error:
        left = _("Curves and weights can still be used.")
        found.append(f"{error} {left}")
    rows, said = run.read_batches()
    if said:
        found.append(f"{_sentence(said)} {_batches(len(rows))}")
    lines, said = run.read_epochs()
    if said:
        found.append(f"{_sentence(said)} {_epochs(len(lines))}")
    found += _weights(run, shapes)
    if run.final.exists() and not _is_zip(run.final, _stamp(run.final)):
        found.append(_("final.keras should be a Keras file and is none. The weights of the epochs can still be used."))
    return found


def _without_settings(run: Run, said: str) -> list[str]:
    if not run.folder.exists():
        return []
    if run.final.exists() and _is_zip(run.final, _stamp(run.final)):
        left = _("What it has learned can still be downloaded and opened on the Network page.")
        return [f"{said} {left}"]
    left = _("Nothing of it can be shown.")
    return [f"{said} {left}"]


def _weights(run: Run, shapes: list[tuple[int, ...]]) -> list[str]:
    paths = [run.weights_path(epoch) for epoch in run.saved_epochs() if not run.draws(epoch)]
    newest = run.folder / folders.LATEST
    paths += [newest] if newest.exists() else []
    language = words.language()
    said = [sentence for path in paths if (sentence := _weights_said(path, _stamp(path), tuple(shapes), language))]
    if not said:
        return []
    others = [_("The same in {count} more.", count=len(said) - 1)] if len(said) > 1 else []
    some_left = len(paths) > len(said)
    left = _("Those of other epochs can still be used.") if some_left else _("Only its curves can still be used.")
    return [" ".join([said[0], *others, left])]


# weights are large, and written once; a page asks for all of them in every run of its script
@lru_cache(maxsize=_REMEMBERED)
def _weights_said(path: Path, stamp: tuple[int, int], shapes: tuple[tuple[int, ...], ...], language: str) -> str:
    """language: that of the sentence."""
    try:
        files.check_arrays(path, list(shapes))
    except FileError as error:
        return str(error)
    return ""


@lru_cache(maxsize=_REMEMBERED)
def _is_zip(path: Path, stamp: tuple[int, int]) -> bool:
    return zipfile.is_zipfile(path)


def _stamp(path: Path) -> tuple[int, int]:
    """Changes with the file."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


def _sentence(said: str) -> str:
    """What is said of a line or a row, in capitals; the name of a file stays as it is."""
    return said[0].upper() + said[1:] if said.startswith(("line", "row")) else said


def _batches(count: int) -> str:
    if not count:
        return _("No batch before that can still be used.")
    return plural(
        "The one batch before that can still be used.",
        "The {count:,} batches before that can still be used.",
        count,
    )


def _epochs(count: int) -> str:
    if not count:
        return _("No epoch before that can still be used.")
    return plural(
        "The one epoch before that can still be used.",
        "The {count:,} epochs before that can still be used.",
        count,
    )
