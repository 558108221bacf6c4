"""What the files of a run's folder hold: each is checked here, by one reader, and nothing that fails gets any further.

A folder may have been damaged by a power cut, a full disk, or a program that knows nothing of it. What was appended
is read up to its first damaged row or line; the other files are believed whole or not at all. No TensorFlow here.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

import numpy as np

import words
from core.training.spec import LIMITS, PRECISIONS, TrainingSpec
from words import N_, _

BATCH_COLUMNS = ("epoch", "batch", "seen", "loss", "accuracy", "seconds")
LONGEST_NAME = 60
LONGEST_OWNER = 64
LONGEST_MESSAGE = 1000
# what state.json may say, and what a reader makes of it; in sentences with `_`
WAITING = (N_("queued"),)
LIVE = (N_("starting"), N_("running"), N_("paused"), N_("waiting"))
ENDED = (N_("finished"), N_("stopped"), N_("diverged"), N_("failed"), N_("interrupted"))
# it came to its end by itself, and what it measured stands
BY_ITSELF = ("finished", "diverged")
RESUMABLE = ("stopped", "interrupted", "failed")

# bytes: more has no run
MOST_TEXT = 2**16
_SETTINGS = 256
_ROW = np.dtype(np.float64).itemsize * len(BATCH_COLUMNS)
_LARGEST_COUNT = 2**53
# seconds since 1970 (until the year 5138), of a run, and images per second
_LARGEST_NUMBER = 1e11
_LARGEST_FLOAT = float(np.finfo(np.float32).max)
# images per second; slower is no pace that any machine has
_SLOWEST = 1e-3
# a mean of ones, as float32 may have it
_WHOLE = 1 + 1e-6
_SHARES = ("accuracy", "val_accuracy", "top_3_accuracy", "val_top_3_accuracy")


class DamageError(ValueError):
    """What a file should hold, and that it does not, in one sentence."""


@dataclass(frozen=True)
class Asked:
    """What spec.json holds: the name that a person gave, when it was made (seconds since 1970), the training, and who
    made it, "" where nobody knows."""

    name: str
    created: float
    spec: TrainingSpec
    owner: str = ""


@dataclass(frozen=True)
class State:
    """Where a run stands.

    epoch and batch count what is done, from 0; `seen` the training images of the whole run; `images_per_second` is
    the pace of the last seconds; `precision` the dtype policy in use; `message` says why it ended, in words; `pid` is
    the process that trains, or did, on the machine `host`, over so many `devices`; 0 before that is known.
    """

    status: str = "queued"
    epoch: int = 0
    batch: int = 0
    batches: int = 0
    seen: int = 0
    images_per_second: float = 0.0
    precision: str = ""
    message: str = ""
    queued: float = 0.0
    started: float = 0.0
    updated: float = 0.0
    pid: int = 0
    host: str = ""
    devices: int = 0


def content(path: Path, most: int = MOST_TEXT) -> bytes:
    """The bytes of a file. Raises FileNotFoundError where it is missing, DamageError where it cannot be read or has
    more than `most`."""
    try:
        with open(path, "rb") as file:
            read = file.read(most + 1)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise DamageError(_("{file} cannot be read: {reason}.", file=path.name, reason=error.strerror)) from error
    if len(read) > most:
        raise DamageError(
            _(
                "{file} has more than {most:,} bytes, which no run writes: it is another file.",
                file=path.name,
                most=most,
            )
        )
    return read


def asked(data: bytes) -> Asked:
    """What spec.json says. Raises DamageError."""
    found = _asked(data, words.language())
    if isinstance(found, str):
        raise DamageError(_("spec.json should hold the run's settings: {reason}", reason=found))
    return found


# the file never changes, and a page that lists runs reads the settings of all of them, in every run of its script
@lru_cache(maxsize=_SETTINGS)
def _asked(data: bytes, language: str) -> Asked | str:
    """language: that of the sentence."""
    try:
        values = _object(data)
        name, created = values["name"], values["created"]
        if not _is_text(name, LONGEST_NAME) or not name.strip():
            return _("its name must be a text of up to {most} characters.", most=LONGEST_NAME)
        if not _is_number(created):
            return _("the moment at which it was made must be a number.")
        if not isinstance(values["training"], dict):
            return _("the training must be an object with names and values.")
        owner = values.get("owner", "")
        if not _is_text(owner, LONGEST_OWNER):
            return _("who made it must be a short text.")
        return Asked(name, float(created), TrainingSpec.from_dict(values["training"]), owner)
    except KeyError as error:
        return _("{name} is missing.", name=error)
    except ValueError as error:
        return _cut(str(error))
    except (RecursionError, TypeError, OverflowError):
        return _("it is nested or typed as no settings are.")


def state(data: bytes) -> State:
    """What state.json says. Raises DamageError."""
    try:
        values = _object(data)
    except ValueError as error:
        raise DamageError(_("state.json should say where the run stands: {reason}", reason=error)) from error
    kinds = {field.name: type(field.default) for field in fields(State)}
    for name, value in values.items():
        if name not in kinds or not _CHECKS[kinds[name]](value):
            raise DamageError(
                _("state.json should say where the run stands, and {name} in it is wrong.", name=_cut(repr(name)))
            )
    found = State(**values)
    if 0 < found.images_per_second < _SLOWEST:
        raise DamageError(_("state.json should say where the run stands, and its pace is none."))
    if found.status not in (*WAITING, *LIVE, *ENDED) or found.precision not in ("", *PRECISIONS):
        raise DamageError(_("state.json should say where the run stands, and its status or precision is unknown."))
    return found


def epochs(data: bytes, spec: TrainingSpec | None) -> tuple[list[dict], str]:
    """The lines of epochs.jsonl up to the first damaged one, and what is wrong with that: "" where nothing is. A last
    line without its end was being written, and is no damage.

    spec: what the run was asked for, whose measures each line has; None where nobody knows.
    """
    names = {"epoch", "seconds", *spec.measures} if spec else None
    most = spec.epochs if spec else LIMITS["epochs"][1]
    found: list[dict] = []
    *whole, _torn = data.split(b"\n")
    for number, line in enumerate(whole, 1):
        try:
            values = _object(line)
        except ValueError as error:
            return found, _("line {number} of epochs.jsonl: {reason}", number=number, reason=error)
        names = names or {*values}
        if number > most or {*values} != names or not _is_epoch(values, number):
            return found, _(
                "line {number} of epochs.jsonl should hold the measures of epoch {number}, and does not.", number=number
            )
        found.append(values)
    return found, ""


def batches(data: bytes, spec: TrainingSpec | None) -> tuple[np.ndarray, str]:
    """float64 (batches, 6) of batches.f64 up to the first damaged row, and what is wrong with that: "" where nothing
    is. A last row without its end was being written, and is no damage."""
    rows = np.frombuffer(data, np.float64, len(data) // _ROW * len(BATCH_COLUMNS)).reshape(-1, len(BATCH_COLUMNS))
    bad = np.flatnonzero(~_sound(rows, spec))
    if not len(bad):
        return rows, ""
    return rows[: bad[0]], _(
        "row {number:,} of batches.f64 should hold a batch after the one before, and does not.", number=bad[0] + 1
    )


def most_batch_bytes(spec: TrainingSpec | None) -> int:
    """Bytes that batches.f64 has at most; a torn row as well."""
    rows = spec.epochs * spec.batches if spec else LIMITS["epochs"][1] * LIMITS["examples"][1]
    return (rows + 1) * _ROW


def _sound(rows: np.ndarray, spec: TrainingSpec | None) -> np.ndarray:
    """Which rows are those of a batch after the one before; some may be missing between them, where they were damaged
    and the training went on."""
    epoch, batch, seen, loss, accuracy, seconds = rows.T
    with np.errstate(invalid="ignore", over="ignore"):
        good = (accuracy >= 0) & (accuracy <= _WHOLE) & (np.abs(loss) <= _LARGEST_FLOAT)
        good &= (seen > 0) & (seen < _LARGEST_COUNT) & (seconds >= 0) & (seconds <= _LARGEST_NUMBER)
        if spec is not None:
            good &= (epoch >= 0) & (epoch < spec.epochs) & (batch >= 0) & (batch < spec.batches)
            good &= (epoch == np.trunc(epoch)) & (batch == np.trunc(batch))
            good[1:] &= np.diff(epoch * spec.batches + batch) > 0
    return good


def _is_epoch(values: dict, number: int) -> bool:
    return values.get("epoch") == number and all(
        _is_text(name, LONGEST_NAME)
        and _is_number(value, math.inf)
        and (name not in _SHARES or 0 <= value <= _WHOLE)
        and (name not in ("epoch", "seconds") or 0 <= value <= _LARGEST_NUMBER)
        for name, value in values.items()
    )


def _object(data: bytes) -> dict:
    """The JSON object in `data`. Raises ValueError with a sentence."""
    try:
        values = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ValueError(_("this is no JSON.")) from error
    if not isinstance(values, dict):
        raise ValueError(_("this should be an object with names and values."))
    return values


def _is_text(value: object, most: int = LONGEST_MESSAGE) -> bool:
    """Whether it can be shown: half a surrogate pair, which JSON can name, cannot be sent to a browser."""
    return isinstance(value, str) and len(value) <= most and not any("\ud800" <= sign <= "\udfff" for sign in value)


def _is_number(value: object, largest: float = _LARGEST_NUMBER) -> bool:
    """largest: where it is infinite a loss is meant, which may be no number, or more than float32 can hold."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    if isinstance(value, float) and not math.isfinite(value):
        return largest == math.inf
    return abs(value) <= min(largest, _LARGEST_FLOAT)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _LARGEST_COUNT


_CHECKS = {str: _is_text, int: _is_count, float: lambda value: _is_number(value) and value >= 0}


def _cut(sentence: str) -> str:
    """A sentence of `core` may repeat what it was given, which here is anything."""
    return sentence if len(sentence) <= 300 and sentence.isprintable() else _("a value in it is impossible.")
