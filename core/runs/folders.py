"""Training runs as folders: what was asked for, how far it got, what was measured and learned.

    runs/20261124-101500-2c1b2/
        spec.json        the TrainingSpec, its name and when it was made; never changed
        state.json       where it stands
        batches.f64      a row a batch (see BATCH_COLUMNS), appended
        epochs.jsonl     a line an epoch, appended
        weights/0000.npz the weights after each epoch; 0 are those it started from
        latest.npz       weights of the last seconds, while it trains
        checkpoint.npz   what resuming needs besides the weights: the optimizer's state
        final.keras      the network that was learned
        lock             held by the process that trains
        command          what a page asks of that process: pause, resume or stop

Who holds the lock is the only one that writes: the training process (core.runs.writer), or a page for a moment, where
no process trains (`Run.put_state`). An order in `command` may come from anybody. All files but the appended ones are
replaced in one step, and readers of those drop a half-written last row: a kill at any moment leaves a readable run. No
TensorFlow here.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.storage import files, locks
from core.storage.files import FileError
from core.training.spec import TrainingSpec

BATCH_COLUMNS = ("epoch", "batch", "seen", "loss", "accuracy", "seconds")
MOST_RUNS = 200
LONGEST_NAME = 60
# names in a run's folder
SPEC, STATE, LOCK, COMMAND = "spec.json", "state.json", "lock", "command"
BATCHES, EPOCHS, LATEST, CHECKPOINT = "batches.f64", "epochs.jsonl", "latest.npz", "checkpoint.npz"
_LOCK_S = 0.5
_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{5}")

# what state.json may say, and what a reader makes of it
WAITING = ("queued",)
LIVE = ("starting", "running", "paused", "waiting")
ENDED = ("finished", "stopped", "diverged", "failed", "interrupted")
RESUMABLE = ("stopped", "interrupted", "failed")


class RunError(RuntimeError):
    """A run that is gone, damaged or cannot do what was asked; the message is for the person at the screen."""


def root() -> Path:
    """The folder of all runs; LAYER_LAB_RUNS names another one (tests use that)."""
    chosen = os.environ.get("LAYER_LAB_RUNS")
    return Path(chosen) if chosen else Path(__file__).resolve().parents[2] / "runs"


@dataclass(frozen=True)
class State:
    """Where a run stands.

    epoch and batch count what is done, from 0; `seen` the training images of the whole run; `images_per_second` is
    the pace of the last seconds; `precision` the dtype policy in use; `message` says why it ended, in words.
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


@dataclass(frozen=True)
class Run:
    """One run by its id. All members read the folder anew, since another process writes it."""

    id: str

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return root() / self.id

    @property
    def spec(self) -> TrainingSpec:
        """What was asked for. Raises RunError."""
        return TrainingSpec.from_dict(self._asked()["training"])

    @property
    def name(self) -> str:
        """As the person named it."""
        return self._asked()["name"]

    @property
    def created(self) -> float:
        """Seconds since 1970."""
        return self._asked()["created"]

    @property
    def readable(self) -> bool:
        """Whether its settings are there and make sense."""
        try:
            return bool(self.spec and self.name)
        except (RunError, ValueError, KeyError, TypeError):
            return False

    def _asked(self) -> dict:
        try:
            return json.loads((self.folder / SPEC).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise RunError(f"The run {self.id} should have its settings on disk; it was deleted or damaged.") from error

    @property
    def alive(self) -> bool:
        """Whether a process works on it now."""
        return locks.is_held(self.folder / LOCK)

    @property
    def state(self) -> State:
        """Where it stands; a run whose process is gone without a word is `interrupted`, never running for ever."""
        said = self.said()
        if said.status in LIVE and not self.alive:
            # the process may have ended well between our two looks
            said = self.said()
            if said.status in LIVE:
                return _replaced(
                    said,
                    status="interrupted",
                    message="The training process ended without a word: killed, or the machine was switched off.",
                )
        return said

    def said(self) -> State:
        """What state.json says, believed or not."""
        try:
            values = json.loads((self.folder / STATE).read_text(encoding="utf-8"))
            return State(**values)
        except (OSError, ValueError, TypeError):
            return State(status="failed", message="The run's state on disk is damaged.")

    def put_state(self, only: tuple[str, ...] = (), **changes: object) -> bool:
        """Change some fields of the state of a run that no process works on; True where that was done.

        only: do it if the state says one of these; by default whatever it says.
        """
        lock = locks.FileLock(self.folder / LOCK)
        if not lock.acquire(_LOCK_S):
            return False
        try:
            if only and self.said().status not in only:
                return False
            write_state(self, **changes)
            return True
        finally:
            lock.release()

    def batches(self) -> np.ndarray:
        """float64 (batches, 6), a column for each of BATCH_COLUMNS: every batch trained so far.

        `seen` counts images over the whole run, `seconds` the time spent training; loss and accuracy are those of
        the batch alone.
        """
        return files.read_rows(self.folder / BATCHES, len(BATCH_COLUMNS))

    def epochs(self) -> list[dict]:
        """One dict an epoch: epoch (from 1), seconds, loss and metrics, each also with val_ in front."""
        return files.read_lines(self.folder / EPOCHS)

    def saved_epochs(self) -> list[int]:
        """Epochs whose weights can be shown, ascending; 0 are the start weights."""
        return sorted(int(path.stem) for path in (self.folder / "weights").glob("*.npz") if path.stem.isdecimal())

    def weights(self, epoch: int | None = None) -> list[np.ndarray]:
        """The network's weights as `get_weights()` gives them, after an epoch; None: the newest there are.

        Raises RunError where there are none.
        """
        path = self.newest() if epoch is None else self.weights_path(epoch)
        if path is None:
            raise RunError(f"The run {self.name} has no weights yet.")
        try:
            return files.read_arrays(path)
        except FileError as error:
            raise RunError(str(error)) from error

    def newest(self) -> Path | None:
        """The file with the newest weights."""
        saved = self.saved_epochs()
        paths = [self.folder / LATEST, *([self.weights_path(saved[-1])] if saved else [])]
        return max((path for path in paths if path.exists()), key=lambda path: path.stat().st_mtime_ns, default=None)

    def weights_path(self, epoch: int) -> Path:
        """The file with the weights after an epoch."""
        return self.folder / "weights" / f"{epoch:04d}.npz"

    def model(self, epoch: int | None = None):
        """A Keras model of this run's network with the weights of an epoch, or the newest. Raises RunError."""
        model = self.spec.seeded.build()
        model.set_weights(self.weights(epoch))
        return model

    @property
    def final(self) -> Path:
        """The trained network as a .keras file; it exists once the run has ended with something learned."""
        return self.folder / "final.keras"

    def command(self, word: str) -> None:
        """Ask the training process to pause, resume or stop."""
        files.write_bytes(self.folder / COMMAND, word.encode())

    def drop_command(self) -> None:
        """Forget an order that no process took."""
        (self.folder / COMMAND).unlink(missing_ok=True)

    def size(self) -> int:
        """Bytes on disk."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())


def create(spec: TrainingSpec, name: str) -> Run:
    """A new, queued run. Raises RunError where the spec is impossible or the disk holds too many runs."""
    if problem := spec.problem():
        raise RunError(problem)
    if len(listed()) >= MOST_RUNS:
        raise RunError(f"At most {MOST_RUNS} runs are kept: delete some to start another.")
    now = time.time()
    # names sort by time; the last digits keep two servers of one machine apart
    moment = f"{time.strftime('%Y%m%d-%H%M%S', time.localtime(now))}-{int(now % 1 * 1000):03x}"
    run = Run(f"{moment}{secrets.token_hex(1)}")
    # made under another name first: a run in the list is always complete
    hidden = root() / f".{run.id}"
    (hidden / "weights").mkdir(parents=True)
    asked = {"name": name.strip()[:LONGEST_NAME] or spec.title(), "created": now, "training": spec.as_dict()}
    files.write_json(hidden / SPEC, asked)
    files.write_json(hidden / STATE, vars(State(queued=now)))
    hidden.rename(run.folder)
    return run


def find(run_id: str) -> Run | None:
    """The run of this id, None where there is none."""
    return Run(run_id) if _ID.fullmatch(run_id) and (root() / run_id / SPEC).exists() else None


def listed() -> list[Run]:
    """All runs, newest first."""
    if not root().is_dir():
        return []
    names = sorted((path.name for path in root().iterdir() if _ID.fullmatch(path.name)), reverse=True)
    return [Run(name) for name in names if (root() / name / SPEC).exists()]


def usable() -> list[Run]:
    """The runs whose settings can be read, newest first: those that pages offer."""
    return [run for run in listed() if run.readable]


def turn() -> Path:
    """The lock that is held by whoever trains."""
    return root() / ".turn"


def at_work() -> Run | None:
    """The run that trains now; one look at a lock where none does."""
    if not locks.is_held(turn()):
        return None
    return next((run for run in listed() if run.said().status in ("starting", "running") and run.alive), None)


def queue() -> list[Run]:
    """Runs that wait for their turn, the next one first."""
    waiting = [(run.said().queued, run.id, run) for run in listed() if run.said().status in WAITING]
    return [run for *_, run in sorted(waiting)]


def write_state(run: Run, **changes: object) -> None:
    """Change some fields of state.json; only for who holds the run's lock."""
    files.write_json(run.folder / STATE, vars(_replaced(run.said(), **changes)))


def remove(run: Run) -> None:
    """Delete all files of a run whose process has ended."""
    gone = root() / f".gone-{run.id}"
    try:
        run.folder.rename(gone)  # in one step: half a run is never listed
    except FileNotFoundError:
        return
    shutil.rmtree(gone, ignore_errors=True)


def _replaced(state: State, **changes: object) -> State:
    return State(**{**vars(state), **changes})
