"""One run by its id: what its folder holds, read anew at each look, and the few things that a page may write there."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

import words
from core.network import exporting
from core.runs import schema
from core.runs.schema import LIVE, Asked, DamageError, State
from core.storage import disk, files, locks
from core.storage.files import FileError
from core.storage.kept import root
from core.training import loop
from core.training.spec import TrainingSpec
from words import _

# names in a run's folder
SPEC, STATE, LOCK, COMMAND = "spec.json", "state.json", "lock", "command"
BATCHES, EPOCHS, LATEST, CHECKPOINT = "batches.f64", "epochs.jsonl", "latest.npz", "checkpoint.npz"
CLASS = "class"
_LOCK_S = 0.5
_WEIGHTS = re.compile(r"[0-9]{4}\.npz")
_READ_BATCHES = 8
_MOST_RECORDED = 64
# those that come with the project, see core.runs.recorded
RECORDED = Path(__file__).resolve().parents[2] / "assets" / "runs"
# what their names begin with, as they are kept; behind it stands the name of a preset
MARK = "Recorded: "


class RunError(RuntimeError):
    """A run that is gone, damaged or cannot do what was asked; the message is for the person at the screen."""


@lru_cache(maxsize=1)
def recorded_ids() -> tuple[str, ...]:
    """The ids of the runs that come with the project, the first one recorded first: they never change."""
    try:
        return tuple(sorted(entry.name for entry in os.scandir(RECORDED) if entry.is_dir()))
    except OSError:
        return ()


@lru_cache(maxsize=1024)  # a page asks some hundred times for the folders of the few runs that it lists
def _inside(folder: Path, run_id: str) -> Path:
    return folder / run_id


@dataclass(frozen=True)
class Run:
    """One run by its id. All members read the folder anew, since another process writes it."""

    id: str

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return _inside(RECORDED if self.recorded else root(), self.id)

    @property
    def recorded(self) -> bool:
        """Whether it comes with the project: nobody trains it here, and nobody may change or delete it."""
        return self.id in recorded_ids()

    @property
    def spec(self) -> TrainingSpec:
        """What was asked for. Raises RunError."""
        return self._asked().spec

    @property
    def name(self) -> str:
        """As the person named it; a recorded one has the name of its preset, in the language of whoever asks.

        Raises RunError.
        """
        kept = self.kept_name
        if not self.recorded or not kept.startswith(MARK):
            return kept
        return _("Recorded: {preset}", preset=_(kept.removeprefix(MARK)))

    @property
    def kept_name(self) -> str:
        """As spec.json has it, the same in all languages. Raises RunError."""
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
        read = _recorded_settings if self.recorded else _settings
        try:
            return read(self.folder)
        except FileNotFoundError as error:
            said = (
                _("The run {id} is damaged. spec.json, which holds its settings, is missing.", id=self.id)
                if self.folder.exists()
                else _("The run {id} was deleted.", id=self.id)
            )
            raise RunError(said) from error
        except DamageError as error:
            raise RunError(_("The run {id} is damaged. {error}", id=self.id, error=error)) from error

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
                    message=_("The training process ended without a word: killed, or the machine was switched off."),
                )
        return said

    def said(self) -> State:
        """What state.json says, believed or not; where it is damaged, that the run failed, and why."""
        try:
            found = schema.state(schema.content(self.folder / STATE))
            # it was recorded in English, once for all readers
            return changed(found, message=loop.retold(found.message)) if self.recorded else found
        except FileNotFoundError:
            return State(status="failed", message=_("state.json should say where the run stands, and is missing."))
        except DamageError as error:
            return State(status="failed", message=str(error))

    def put_state(self, only: tuple[str, ...] = (), **changes: object) -> bool:
        """Change some fields of the state of a run that no process works on; True where that was done.

        only: do it if the state says one of these; by default whatever it says.
        """
        if self.recorded:
            return False
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
        path, spec = self.folder / BATCHES, self._spec()
        try:
            found = path.stat()
        except OSError:
            return schema.batches(b"", spec)
        return _batches(path, (found.st_mtime_ns, found.st_size, found.st_ino), spec, words.language())

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
        drawn = {0} if self.recorded else set()
        try:
            names = [path.name for path in (self.folder / "weights").iterdir()]
        except OSError:  # deleted at this moment, or damaged; or nothing was learned
            names = []
        return sorted(drawn.union(int(name[:4]) for name in names if _WEIGHTS.fullmatch(name)))

    def draws(self, epoch: int | None) -> bool:
        """Whether the weights of an epoch are in no file, for TensorFlow draws them again from the seed: the start of a
        recorded run."""
        return epoch == 0 and self.recorded

    def weights(self, epoch: int | None = None) -> list[np.ndarray]:
        """The network's weights as `get_weights()` gives them, after an epoch; None: the newest there are.

        Raises RunError where there are none.
        """
        if self.draws(epoch):
            return self.spec.seeded.build().get_weights()
        path = self.newest() if epoch is None else self.weights_path(epoch)
        if path is None:
            raise RunError(_("The run {run} has no weights yet.", run=self.name))
        try:
            return files.read_arrays(path, self.spec.network.weight_shapes())
        except FileError as error:
            raise RunError(str(error)) from error

    def newest(self) -> Path | None:
        """The file with the newest weights."""
        return _recorded_newest(self) if self.recorded else self._newest()

    def _newest(self) -> Path | None:
        saved = [epoch for epoch in self.saved_epochs() if not self.draws(epoch)]
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

    @property
    def learned(self) -> bool:
        """Whether it has ended with something learned."""
        return self.newest() is not None if self.recorded else self.final.exists()

    def keras_file(self) -> bytes:
        """The trained network as a .keras file; of a recorded run it is made now. Raises RunError."""
        if not self.recorded:
            try:
                return self.final.read_bytes()
            except OSError as error:
                raise RunError(_("The run {run} has no network to take away.", run=self.name)) from error
        return exporting.as_keras_file(self.spec.seeded, self.weights())

    def command(self, word: str) -> None:
        """Ask the training process to pause, resume or stop."""
        files.write_bytes(self.folder / COMMAND, word.encode())

    def drop_command(self) -> None:
        """Forget an order that no process took."""
        (self.folder / COMMAND).unlink(missing_ok=True)

    def size(self) -> int:
        """Bytes on disk."""
        return disk.size(self.folder)


def _settings(folder: Path) -> Asked:
    return schema.asked(schema.content(folder / SPEC))


# recorded runs never change, and every page names them in its choice of a network, in every run of its script
_recorded_settings = lru_cache(maxsize=_MOST_RECORDED)(_settings)


@lru_cache(maxsize=_MOST_RECORDED)
def _recorded_newest(run: Run) -> Path | None:
    return run._newest()


def write_state(run: Run, **changes: object) -> None:
    """Change some fields of state.json; only for who holds the run's lock."""
    put_whole_state(run, changed(run.said(), **changes), lasting=True)


def put_whole_state(run: Run, state: State, lasting: bool = False) -> None:
    """Write state.json anew; only for who holds the run's lock. lasting: as for `files.write_bytes`."""
    files.write_json(run.folder / STATE, vars(state), lasting)


# A page reads the rows of a run several times, and in every run of its script: of 300,000 the check alone takes 20 ms.
@lru_cache(maxsize=_READ_BATCHES)
def _batches(path: Path, stamp: tuple[int, ...], spec: TrainingSpec | None, language: str) -> tuple[np.ndarray, str]:
    """stamp: changes with the file; language: that of the sentence."""
    return _appended(path, lambda data: schema.batches(data, spec), schema.most_batch_bytes(spec))


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
