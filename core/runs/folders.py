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

import contextlib
import errno
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from core.runs import schema
from core.runs.schema import ENDED, LIVE, LONGEST_NAME, RESUMABLE, WAITING, Asked, DamageError, State
from core.storage import disk, files, locks
from core.storage.files import FileError
from core.training.spec import TrainingSpec

# what pages and tests say of a run goes by this module
__all__ = ["ENDED", "LIVE", "LONGEST_NAME", "RESUMABLE", "WAITING", "Run", "RunError", "State"]

MOST_RUNS = 200
# names in a run's folder
SPEC, STATE, LOCK, COMMAND = "spec.json", "state.json", "lock", "command"
BATCHES, EPOCHS, LATEST, CHECKPOINT = "batches.f64", "epochs.jsonl", "latest.npz", "checkpoint.npz"
_LOCK_S = 0.5
_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{5}")
_WEIGHTS = re.compile(r"[0-9]{4}\.npz")
_TRIES = 200


class RunError(RuntimeError):
    """A run that is gone, damaged or cannot do what was asked; the message is for the person at the screen."""


def root() -> Path:
    """The folder of all runs; LAYER_LAB_RUNS names another one (tests use that)."""
    chosen = os.environ.get("LAYER_LAB_RUNS")
    return Path(chosen) if chosen else Path(__file__).resolve().parents[2] / "runs"


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
        return self._asked().spec

    @property
    def name(self) -> str:
        """As the person named it. Raises RunError."""
        return self._asked().name

    @property
    def created(self) -> float:
        """Seconds since 1970. Raises RunError."""
        return self._asked().created

    @property
    def owner(self) -> str:
        """Who made it, as `create` was told; "" where nobody knows. Raises RunError."""
        return self._asked().owner

    @property
    def readable(self) -> bool:
        """Whether its settings are there and make sense."""
        return self._spec() is not None

    def _asked(self) -> Asked:
        try:
            return schema.asked(schema.content(self.folder / SPEC))
        except FileNotFoundError as error:
            said = (
                "is damaged. spec.json, which holds its settings, is missing."
                if self.folder.exists()
                else "was deleted."
            )
            raise RunError(f"The run {self.id} {said}") from error
        except DamageError as error:
            raise RunError(f"The run {self.id} is damaged. {error}") from error

    def _spec(self) -> TrainingSpec | None:
        try:
            return self.spec
        except RunError:
            return None

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
                return changed(
                    said,
                    status="interrupted",
                    message="The training process ended without a word: killed, or the machine was switched off.",
                )
        return said

    def said(self) -> State:
        """What state.json says, believed or not; where it is damaged, that the run failed, and why."""
        try:
            return schema.state(schema.content(self.folder / STATE))
        except FileNotFoundError:
            return State(status="failed", message="state.json should say where the run stands, and is missing.")
        except DamageError as error:
            return State(status="failed", message=str(error))

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
        """float64 (batches, 6), a column for each of BATCH_COLUMNS: every batch trained so far, up to the first that
        is damaged.

        `seen` counts images over the whole run, `seconds` the time spent training; loss and accuracy are those of
        the batch alone.
        """
        return self.read_batches()[0]

    def read_batches(self) -> tuple[np.ndarray, str]:
        """`batches`, and what is wrong with the file: "" where nothing is."""
        spec = self._spec()
        return _appended(self.folder / BATCHES, lambda data: schema.batches(data, spec), schema.most_batch_bytes(spec))

    def epochs(self) -> list[dict]:
        """One dict an epoch: epoch (from 1), seconds, loss and metrics, each also with val_ in front; up to the first
        that is damaged."""
        return self.read_epochs()[0]

    def read_epochs(self) -> tuple[list[dict], str]:
        """`epochs`, and what is wrong with the file: "" where nothing is."""
        spec = self._spec()
        return _appended(self.folder / EPOCHS, lambda data: schema.epochs(data, spec))

    def saved_epochs(self) -> list[int]:
        """Epochs whose weights can be shown, ascending; 0 are the start weights."""
        try:
            names = [path.name for path in (self.folder / "weights").iterdir()]
        except OSError:  # deleted at this moment, or damaged
            return []
        return sorted(int(name[:4]) for name in names if _WEIGHTS.fullmatch(name))

    def weights(self, epoch: int | None = None) -> list[np.ndarray]:
        """The network's weights as `get_weights()` gives them, after an epoch; None: the newest there are.

        Raises RunError where there are none.
        """
        path = self.newest() if epoch is None else self.weights_path(epoch)
        if path is None:
            raise RunError(f"The run {self.name} has no weights yet.")
        try:
            return files.read_arrays(path, self.spec.network.weight_shapes())
        except FileError as error:
            raise RunError(str(error)) from error

    def newest(self) -> Path | None:
        """The file with the newest weights."""
        saved = self.saved_epochs()
        paths = [self.folder / LATEST, *([self.weights_path(saved[-1])] if saved else [])]
        written = [(moment, path) for path in paths if (moment := disk.written(path)) is not None]
        return max(written)[1] if written else None

    def weights_path(self, epoch: int) -> Path:
        """The file with the weights after an epoch."""
        return self.folder / "weights" / f"{epoch:04d}.npz"

    def model(self, epoch: int | None = None):
        """A Keras model of this run's network with the weights of an epoch, or the newest. Raises RunError."""
        weights = self.weights(epoch)  # first: what does not fit these settings is not worth building them
        model = self.spec.seeded.build()
        model.set_weights(weights)
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
        return disk.size(self.folder)


def create(spec: TrainingSpec, name: str, owner: str = "") -> Run:
    """A new, queued run. Raises RunError where the spec is impossible or the disk holds too many runs.

    owner: says who made it, to those who know how; what tells nothing to others.
    """
    if problem := spec.problem():
        raise RunError(problem)
    if len(listed()) >= MOST_RUNS:
        raise RunError(f"At most {MOST_RUNS} runs are kept: delete some to start another.")
    now = time.time()
    asked = {
        "name": name.strip()[:LONGEST_NAME] or spec.title(),
        "created": now,
        "owner": owner,
        "training": spec.as_dict(),
    }
    hidden = root() / f".new-{os.getpid()}-{secrets.token_hex(8)}"
    try:
        # made under another name first: a run in the list is always complete
        (hidden / "weights").mkdir(parents=True)
        files.write_json(hidden / SPEC, asked, lasting=True)
        files.write_json(hidden / STATE, vars(State(queued=now)), lasting=True)
        return _named(hidden, now)
    except OSError as error:
        shutil.rmtree(hidden, ignore_errors=True)
        raise RunError(f"The run cannot be written to the disk: {disk.reason(error)}") from error


def _named(hidden: Path, now: float) -> Run:
    """Give a new run its id, which no other has: it sorts by time, and its last digits tell apart those of one
    millisecond."""
    moment = f"{time.strftime('%Y%m%d-%H%M%S', time.localtime(now))}-{int(now % 1 * 1000):03x}"
    for _ in range(_TRIES):
        run = Run(f"{moment}{secrets.token_hex(1)}")
        if not run.folder.exists():
            try:
                # fails where another server has just made one of this name, for a run is no empty folder
                hidden.rename(run.folder)
                return run
            except OSError as error:
                if error.errno not in (errno.EEXIST, errno.ENOTEMPTY):
                    raise
    raise FileExistsError(errno.EEXIST, "too many runs were started in this very moment")


def find(run_id: str) -> Run | None:
    """The run of this id, None where there is none."""
    return Run(run_id) if _ID.fullmatch(run_id) and os.path.isdir(root() / run_id) else None


def listed() -> list[Run]:
    """All runs, newest first, damaged ones as well."""
    try:
        names = [entry.name for entry in os.scandir(root()) if _ID.fullmatch(entry.name) and entry.is_dir()]
    except OSError:  # there is no folder yet, or it may not be read
        return []
    return [Run(name) for name in sorted(names, reverse=True)]


def usable() -> list[Run]:
    """The runs whose settings can be read, newest first: those that pages offer."""
    return [run for run in listed() if run.readable]


def names(runs: list[Run]) -> dict[str, str]:
    """The names of runs by their ids; those that are gone by now are left out."""
    found = {}
    for run in runs:
        with contextlib.suppress(RunError):
            found[run.id] = run.name
    return found


def made_by(runs: list[Run], owner: str) -> int:
    """How many of these runs somebody made."""
    found = 0
    for run in runs:
        with contextlib.suppress(RunError):
            found += run.owner == owner
    return found


def turn() -> Path:
    """The lock that is held by whoever trains."""
    return root() / ".turn"


def at_work() -> Run | None:
    """The run that trains now; one look at a lock where none does."""
    if not locks.is_held(turn()):
        return None
    return next((run for run in listed() if run.said().status in ("starting", "running") and run.alive), None)


def paused_after(run: Run) -> list[Run]:
    """The runs that stand still in memory and were paused later than this one."""
    moment = run.said().updated
    return [
        other
        for other in listed()
        if (said := other.said()).status == "paused" and (said.updated, other.id) > (moment, run.id) and other.alive
    ]


def queue() -> list[Run]:
    """Runs that wait for their turn, the next one first."""
    waiting = [(run.said().queued, run.id, run) for run in listed() if run.said().status in WAITING]
    return [run for *_, run in sorted(waiting)]


def write_state(run: Run, **changes: object) -> None:
    """Change some fields of state.json; only for who holds the run's lock."""
    put_whole_state(run, changed(run.said(), **changes), lasting=True)


def put_whole_state(run: Run, state: State, lasting: bool = False) -> None:
    """Write state.json anew; only for who holds the run's lock. lasting: as for `files.write_bytes`."""
    files.write_json(run.folder / STATE, vars(state), lasting)


def remove(run: Run) -> None:
    """Delete all files of a run whose process has ended; nothing where somebody else has done so. Raises RunError."""
    gone = root() / f".gone-{run.id}-{secrets.token_hex(4)}"
    try:
        run.folder.rename(gone)  # in one step: half a run is never listed
    except FileNotFoundError:
        return
    except OSError as error:
        raise RunError(f"The run cannot be deleted from the disk: {disk.reason(error)}") from error
    shutil.rmtree(gone, ignore_errors=True)


def tidy(older_s: float = 3600) -> None:
    """Delete what servers that were killed left half made or half deleted; older_s: seconds that nobody touched it."""
    for folder in [*root().glob(".gone-*"), *root().glob(".new-*")]:
        written = disk.written(folder)
        if written is not None and time.time() - written / 1e9 > older_s:
            shutil.rmtree(folder, ignore_errors=True)


def _appended(path: Path, read: Callable[[bytes], tuple[Any, str]], most: int = schema.MOST_TEXT) -> tuple[Any, str]:
    """What `read` makes of an appended file: of nothing where there is none yet, or where it cannot be read."""
    try:
        return read(schema.content(path, most))
    except FileNotFoundError:
        return read(b"")
    except DamageError as error:
        return read(b"")[0], str(error)


def changed(state: State, **changes: Any) -> State:
    """The same state with some other fields; a message that is too long to be kept is cut."""
    if len(message := changes.get("message", "")) > schema.LONGEST_MESSAGE:
        changes["message"] = f"{message[: schema.LONGEST_MESSAGE - 1]}…"
    return replace(state, **changes)
