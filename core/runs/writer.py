"""The one who writes a run's folder: its training process, which holds the run's lock for as long as it works."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import threading
from pathlib import Path
from typing import Any

import numpy as np

from core.runs import folders
from core.runs.folders import Run, RunError
from core.runs.schema import State
from core.storage import files
from core.storage.files import FileError, MissingError
from core.storage.locks import FileLock
from core.training.loop import Checkpoint
from words import N_, _

# a disk that is full when a run ends still takes its last words, once this file is gone
_RESERVE, _RESERVE_BYTES = ".reserve", 2**16


class Writer:
    """Writes the files that `Run` reads; `acquire` first, and nobody else does."""

    def __init__(self, run: Run):
        self.run = run
        self._lock = FileLock(run.folder / folders.LOCK)
        self._state: State | None = None
        self.alone = threading.RLock()
        """Held by the thread that writes the state: the training's, or the one that reads orders."""

    def acquire(self, timeout_s: float) -> bool:
        """True once this process alone may write, False where another one works on the run, or it was deleted."""
        try:
            if not self._lock.acquire(timeout_s):
                return False
        except FileNotFoundError:
            return False
        self._tidy()
        with contextlib.suppress(OSError):
            self._path(_RESERVE).write_bytes(bytes(_RESERVE_BYTES))
        return True

    def free_reserve(self) -> None:
        """Room for the last words, on a disk that may be full."""
        self._path(_RESERVE).unlink(missing_ok=True)

    def _tidy(self) -> None:
        """What a process that was killed left half written."""
        for folder in (self.run.folder, self.run.folder / "weights"):
            for path in [*folder.glob(".*.npz"), *folder.glob(".*.keras")]:
                path.unlink(missing_ok=True)

    def release(self) -> None:
        """Let others write."""
        self.free_reserve()
        self._lock.release()

    def put_state(self, lasting: bool = False, **changes: Any) -> None:
        """Change some fields of the state; lasting: a power cut does not undo it.

        Nobody else writes it meanwhile, so what was written last is known: a file that is damaged under a run is
        whole again with the next change.
        """
        with self.alone:
            self._state = folders.changed(self._state or self.run.said(), **changes)
            folders.put_whole_state(self.run, self._state, lasting)

    def take_command(self) -> str:
        """The order that a page gave since the last call, "" where there is none. Each is taken once, and none is
        lost: a page may give the next one while this one is read."""
        taken = self._path(f".{folders.COMMAND}")
        try:
            os.replace(self._path(folders.COMMAND), taken)
            return taken.read_text(encoding="utf-8")
        except OSError:
            return ""

    def append_batches(self, rows: np.ndarray) -> None:
        """float64 (batches, 6), a column for each of BATCH_COLUMNS."""
        _append(self._path(folders.BATCHES), np.asarray(rows, np.float64).tobytes())

    def append_epoch(self, line: str) -> None:
        """A line of `epoch_line`; it stays, and so do all batches before it."""
        _append(self._path(folders.EPOCHS), line.encode())
        files.sync(self._path(folders.EPOCHS))
        if self._path(folders.BATCHES).exists():
            files.sync(self._path(folders.BATCHES))

    def go_back_to(self, epochs: int, lines: list[str]) -> np.ndarray:
        """Keep what was measured in so many whole epochs, whose lines are `lines`: the rest is trained again. The rows
        that stay."""
        rows = self.run.batches()
        rows = rows[rows[:, 0] < epochs]
        files.write_bytes(self._path(folders.BATCHES), rows.tobytes())
        files.write_bytes(self._path(folders.EPOCHS), "".join(lines).encode())
        return rows

    def save_weights(self, epoch: int, weights: list[np.ndarray]) -> None:
        """The weights after an epoch; 0: those it started from."""
        files.write_arrays(self.run.weights_path(epoch), weights, lasting=True)

    def drop_weights(self, epoch: int) -> None:
        """Those of an epoch that are not kept."""
        self.run.weights_path(epoch).unlink(missing_ok=True)

    def save_latest(self, weights: list[np.ndarray]) -> None:
        """The weights of this moment."""
        files.write_arrays(self._path(folders.LATEST), weights)

    def drop_latest(self) -> None:
        """The weights of the last whole epoch are the newest that count."""
        self._path(folders.LATEST).unlink(missing_ok=True)

    def save_final(self, weights: list[np.ndarray]) -> None:
        """The network that was learned, as a .keras file."""
        model = self.run.spec.seeded.build()
        model.set_weights(weights)
        with files.replacing(self.run.final, "keras", lasting=True) as partial:
            model.save(partial)

    def save_checkpoint(self, checkpoint: Checkpoint, lines: list[str]) -> None:
        """All that going on needs, and the lines of all epochs, in one step."""
        files.write_arrays(
            self._path(folders.CHECKPOINT),
            [*checkpoint.model, *checkpoint.optimizer],
            lasting=True,
            epochs_done=np.int64(checkpoint.epochs_done),
            model_arrays=np.int64(len(checkpoint.model)),
            lines=np.array(lines),
        )

    def checkpoint(self) -> tuple[Checkpoint | None, list[str]]:
        """The state after the last whole epoch and the lines of all epochs; None and nothing where there is none.

        Raises RunError where it is damaged, and where there is none although epochs were measured.
        """
        return read_checkpoint(self.run)

    def start_over(self) -> None:
        """Forget all that was measured and learned: the training begins at its start weights."""
        for path in (self._path(folders.CHECKPOINT), self._path(folders.LATEST), self.run.final):
            path.unlink(missing_ok=True)
        for epoch in self.run.saved_epochs():
            self.run.weights_path(epoch).unlink(missing_ok=True)
        self.go_back_to(0, [])

    def note_error(self, text: str) -> None:
        """What Python said when the training crashed."""
        self._path("error.txt").write_text(text, encoding="utf-8")

    def _path(self, name: str) -> Path:
        return self.run.folder / name


def read_checkpoint(run: Run) -> tuple[Checkpoint | None, list[str]]:
    """See `Writer.checkpoint`."""
    path = run.folder / folders.CHECKPOINT
    try:
        done, split = (int(files.read_extra(path, name)) for name in ("epochs_done", "model_arrays"))
        lines = [str(line) for line in files.read_extra(path, "lines")]
        arrays = files.read_arrays(path)
        if not (0 < done <= run.spec.epochs and len(lines) == done and 0 < split <= len(arrays)):
            raise FileError("The checkpoint should belong to this run, and does not.")
    except MissingError as error:
        if run.epochs():
            said = _("The checkpoint of {run}, which going on needs, is missing.", run=run.name)
            raise RunError(f"{said} {_(_TO_DO)}") from error
        return None, []
    except (FileError, TypeError, ValueError) as error:
        said = _("The checkpoint of {run}, which going on needs, is damaged.", run=run.name)
        raise RunError(f"{said} {_(_TO_DO)}") from error
    return Checkpoint(done, arrays[:split], arrays[split:]), lines


_TO_DO = N_("Its curves and the weights of its epochs are still there: keep them, or train it again from the start.")


def _append(path: Path, content: bytes) -> None:
    """All of it or nothing: what comes after half a row could not be read."""
    with open(path, "ab", buffering=0) as file:
        before = file.tell()
        try:
            if file.write(content) < len(content):  # the disk had room for a part
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError:
            file.truncate(before)
            raise


def epoch_line(epoch: int, seconds: float, measured: dict[str, float]) -> str:
    """What is kept of an epoch, counted from 1: `Run.epochs` reads it."""
    return json.dumps({"epoch": epoch, "seconds": seconds, **measured}) + "\n"
