"""What is wrong with a run's folder, in words, and what of it can still be used."""

from __future__ import annotations

import zipfile
from functools import lru_cache
from pathlib import Path

from core.runs import folders, schema
from core.runs.folders import Run, RunError
from core.runs.schema import DamageError
from core.storage import files
from core.storage.files import FileError

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
        found.append("state.json is missing. Curves and weights can still be used.")
    except DamageError as error:
        found.append(f"{error} Curves and weights can still be used.")
    rows, said = run.read_batches()
    if said:
        found.append(f"{_sentence(said)} {_count(len(rows), 'batch', 'es')} before that can still be used.")
    lines, said = run.read_epochs()
    if said:
        found.append(f"{_sentence(said)} {_count(len(lines), 'epoch')} before that can still be used.")
    found += _weights(run, shapes)
    if run.final.exists() and not _is_zip(run.final, _stamp(run.final)):
        found.append("final.keras should be a Keras file and is none. The weights of the epochs can still be used.")
    return found


def _without_settings(run: Run, said: str) -> list[str]:
    if not run.folder.exists():
        return []
    if run.final.exists() and _is_zip(run.final, _stamp(run.final)):
        return [f"{said} What it has learned can still be downloaded and opened on the Network page."]
    return [f"{said} Nothing of it can be shown."]


def _weights(run: Run, shapes: list[tuple[int, ...]]) -> list[str]:
    paths = [run.weights_path(epoch) for epoch in run.saved_epochs() if not run.draws(epoch)]
    newest = run.folder / folders.LATEST
    paths += [newest] if newest.exists() else []
    said = [sentence for path in paths if (sentence := _weights_said(path, _stamp(path), tuple(shapes)))]
    if not said:
        return []
    left = len(paths) - len(said)
    others = f" The same in {len(said) - 1} more." if len(said) > 1 else ""
    return [f"{said[0]}{others} {'Those of other epochs' if left else 'Only its curves'} can still be used."]


# weights are large, and written once; a page asks for all of them in every run of its script
@lru_cache(maxsize=_REMEMBERED)
def _weights_said(path: Path, stamp: tuple[int, int], shapes: tuple[tuple[int, ...], ...]) -> str:
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


def _count(count: int, what: str, ending: str = "s") -> str:
    if not count:
        return f"No {what}"
    return f"The {count:,} {what}{ending}" if count > 1 else f"The one {what}"
