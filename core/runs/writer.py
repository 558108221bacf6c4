"""The one who writes a run's folder: its training process, which holds the run's lock for as long as it works."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np

from core.runs import folders
from core.runs.folders import Run
from core.storage import files
from core.storage.files import FileError
from core.storage.locks import FileLock
from core.training.loop import Checkpoint


class Writer:
    """Writes the files that `Run` reads; `acquire` first, and nobody else does."""

    def __init__(self, run: Run):
        self.run = run
        self._lock = FileLock(run.folder / folders.LOCK)

    def acquire(self, timeout_s: float) -> bool:
        """True once this process alone may write, False where another one works on the run."""
        return self._lock.acquire(timeout_s)

    def release(self) -> None:
        """Let others write."""
        self._lock.release()

    def put_state(self, **changes: object) -> None:
        """Change some fields of the state."""
        folders.write_state(self.run, **changes)

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
        with open(self._path(folders.BATCHES), "ab") as file:
            file.write(np.asarray(rows, np.float64).tobytes())

    def append_epoch(self, line: str) -> None:
        """A line of `epoch_line`."""
        with open(self._path(folders.EPOCHS), "a", encoding="utf-8") as file:
            file.write(line)

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
        files.write_arrays(self.run.weights_path(epoch), weights)

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
        partial = self._path(f".final.{os.getpid()}.keras")
        model.save(partial)
        os.replace(partial, self.run.final)

    def save_checkpoint(self, checkpoint: Checkpoint, lines: list[str]) -> None:
        """All that going on needs, and the lines of all epochs, in one step."""
        files.write_arrays(
            self._path(folders.CHECKPOINT),
            [*checkpoint.model, *checkpoint.optimizer],
            epochs_done=np.int64(checkpoint.epochs_done),
            model_arrays=np.int64(len(checkpoint.model)),
            lines=np.array(lines),
        )

    def checkpoint(self) -> tuple[Checkpoint | None, list[str]]:
        """The state after the last whole epoch and the lines of all epochs; None and nothing where there is none."""
        path = self._path(folders.CHECKPOINT)
        try:
            with np.load(path, allow_pickle=False) as stored:
                done, split = int(stored["epochs_done"]), int(stored["model_arrays"])
                lines = [str(line) for line in stored["lines"]]
            arrays = files.read_arrays(path)
        except (*files.UNREADABLE, FileError):
            return None, []
        return Checkpoint(done, arrays[:split], arrays[split:]), lines

    def note_error(self, text: str) -> None:
        """What Python said when the training crashed."""
        self._path("error.txt").write_text(text, encoding="utf-8")

    def _path(self, name: str) -> Path:
        return self.run.folder / name


def epoch_line(epoch: int, seconds: float, measured: dict[str, float]) -> str:
    """What is kept of an epoch, counted from 1: `Run.epochs` reads it."""
    return json.dumps({"epoch": epoch, "seconds": seconds, **measured}) + "\n"
