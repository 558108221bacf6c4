"""The training process of a run: trains, writes the run's folder as it goes, and obeys pause, resume and stop."""

from __future__ import annotations

import json
import os
import threading
import time
import traceback
from collections import deque
from dataclasses import replace
from pathlib import Path

import numpy as np

from core.runs import folders, processes
from core.runs.folders import Run
from core.storage import files
from core.storage.files import FileError
from core.storage.locks import FileLock
from core.training import precision
from core.training.loop import Checkpoint, DivergedError, Learner, Listener, Stopped, train

# how often the folder is brought up to date while batches go by; both together cost well below 2 % of the time
FLUSH_S = 0.5
SNAPSHOT_S = 4.0
_WATCH_S = 0.1
_PACE_S = 6.0
_LOCK_S = 5.0


def execute(run_id: str) -> str:
    """The job of one run, from its last epoch on where there is one; returns the status it ended with."""
    run = folders.find(run_id)
    if run is None:
        return "deleted"
    lock = FileLock(run.folder / "lock")
    # another server may have started the same run
    if not lock.acquire(_LOCK_S) or run.said().status not in folders.WAITING:
        lock.release()
        return run.said().status
    status = Recorder(run).work()
    lock.release()
    return status


class Recorder(Listener):
    """Listens to the training of one run and writes what it hears."""

    def __init__(self, run: Run):
        self.run = run
        self.spec = run.spec
        self.wish = ""
        self.learning = False
        self.learner: Learner | None = None
        self.rows: list[tuple] = []
        self.lines: list[str] = []  # of epochs.jsonl
        self.done = 0  # epochs
        self.seconds = 0.0  # of training, pauses left out, over all processes that worked on this run
        self.pace: deque[tuple[float, int]] = deque()
        self.last_batch = self.last_flush = self.last_snapshot = time.monotonic()

    def work(self) -> str:
        """Train to the end, whatever the end is; returns the status that was written."""
        self.run.put_state(status="starting", pid=os.getpid(), started=time.time(), updated=time.time(), message="")
        (self.run.folder / "command").unlink(missing_ok=True)
        threading.Thread(target=self._watch, name="watch", daemon=True).start()
        try:
            self._train()
            return self._end("finished", "")
        except Stopped:
            return self._end("stopped", "Stopped by hand; what it had learned by then is kept.")
        except DivergedError as error:
            return self._end("diverged", str(error), keep=False)
        except Exception as error:
            (self.run.folder / "error.txt").write_text(traceback.format_exc(), encoding="utf-8")
            reason = f"{type(error).__name__}: {error}".splitlines()[0]
            return self._end("failed", f"The training crashed. {reason}", keep=False)

    def _train(self) -> None:
        # only now, in the process that trains: it takes seconds, and the state says "starting" meanwhile
        if self.spec.precision == "auto":
            self.run.put_state(message="Measuring which precision is faster here, once for this kind of network.")
        policy, _ = precision.choose(self.spec, folders.root() / "precision.json")
        self.run.put_state(precision=policy, batches=self.spec.batches, message="", updated=time.time())
        checkpoint, self.lines = _read_checkpoint(self.run.folder / "checkpoint.npz")
        self._go_back_to(checkpoint.epochs_done if checkpoint else 0)
        train(replace(self.spec, precision=policy), self, checkpoint)

    def _go_back_to(self, epochs: int) -> None:
        """What was measured in an epoch that is not in the checkpoint is dropped: it is trained again."""
        self.done = epochs
        rows = self.run.batches()
        rows = rows[rows[:, 0] < epochs]
        files.write_bytes(self.run.folder / "batches.f64", rows.tobytes())
        files.write_bytes(self.run.folder / "epochs.jsonl", "".join(self.lines).encode())
        self.seconds = float(rows[-1, 5]) if len(rows) else 0.0

    # -- what the training tells ---------------------------------------------------------------------------

    def started(self, learner: Learner) -> None:
        """The start weights are epoch 0."""
        self.learner = learner
        if self.done == 0:
            self._save_weights(0)
        now = time.monotonic()
        self.last_batch = self.last_flush = self.last_snapshot = now
        self.run.put_state(status="running", epoch=self.done, batch=0, updated=time.time())
        self._obey()

    def batch(self, epoch: int, batch: int, loss: float, accuracy: float) -> None:
        """Keep the row; write rows, state and weights now and then."""
        now = time.monotonic()
        self.seconds += now - self.last_batch
        self.last_batch = now
        self.learning = True
        seen = epoch * self.spec.examples + min((batch + 1) * self.spec.batch_size, self.spec.examples)
        self.rows.append((epoch, batch, seen, loss, accuracy, self.seconds))
        self.pace.append((self.seconds, seen))
        while self.seconds - self.pace[0][0] > _PACE_S and len(self.pace) > 2:
            self.pace.popleft()
        if now - self.last_flush > FLUSH_S:
            self._flush()
        if now - self.last_snapshot > SNAPSHOT_S:
            self._snapshot()
        self._obey()

    def poll(self) -> None:
        """Validation takes time as well."""
        self._obey()

    def epoch(self, epoch: int, measured: dict[str, float]) -> None:
        """Once the checkpoint is written the epoch counts, and is never trained again; its line is in it as well."""
        now = time.monotonic()
        self.seconds += now - self.last_batch
        self.last_batch = now
        self.done = epoch + 1
        self._flush()
        self._save_weights(self.done)
        self.lines.append(json.dumps({"epoch": self.done, "seconds": self.seconds, **measured}) + "\n")
        _write_checkpoint(self.run.folder / "checkpoint.npz", self.learner.checkpoint(self.done), self.lines)
        with open(self.run.folder / "epochs.jsonl", "a", encoding="utf-8") as file:
            file.write(self.lines[-1])
        self.run.put_state(epoch=self.done, batch=0, updated=time.time())
        self._obey()

    # -- orders --------------------------------------------------------------------------------------------

    def _watch(self) -> None:
        """Reads orders beside the training, which may be importing or compiling for seconds."""
        command = self.run.folder / "command"
        while True:
            try:
                self.wish = command.read_text(encoding="utf-8")
                command.unlink()
            except OSError:
                if not self.run.folder.exists():
                    os._exit(0)  # deleted: nothing is left to write to
            if self.wish == "stop" and not self.learning:
                self.run.put_state(status="stopped", message="Stopped before its first batch.", updated=time.time())
                os._exit(0)
            time.sleep(_WATCH_S)

    def _obey(self) -> None:
        if self.wish == "stop":
            raise Stopped
        if self.wish == "pause":
            self._pause()

    def _pause(self) -> None:
        """Stand still, and let others train meanwhile."""
        self._flush(status="paused")
        self._snapshot()
        processes.give_turn()
        while self.wish == "pause":
            time.sleep(_WATCH_S)
        if self.wish != "stop":
            self.run.put_state(status="waiting", updated=time.time())
            while not processes.take_turn(_WATCH_S) and self.wish != "stop":
                pass
        if self.wish == "stop":
            raise Stopped
        self.pace.clear()
        self.last_batch = time.monotonic()
        self.run.put_state(status="running", updated=time.time())

    # -- files ---------------------------------------------------------------------------------------------

    def _flush(self, **changes) -> None:
        with open(self.run.folder / "batches.f64", "ab") as file:
            file.write(np.array(self.rows, np.float64).tobytes())
        last = self.rows[-1] if self.rows else None
        self.rows = []
        self.last_flush = time.monotonic()
        position = {"epoch": int(last[0]), "batch": int(last[1]) + 1, "seen": int(last[2])} if last else {}
        pace = {"images_per_second": self._images_per_second()} if len(self.pace) > 1 else {}
        self.run.put_state(**{**position, **pace, "updated": time.time(), **changes})

    def _images_per_second(self) -> float:
        (start, before), (end, after) = self.pace[0], self.pace[-1]
        return (after - before) / (end - start) if end > start else 0.0

    def _snapshot(self) -> None:
        files.write_arrays(self.run.folder / "latest.npz", self.learner.weights())
        self.last_snapshot = time.monotonic()

    def _save_weights(self, epoch: int) -> None:
        files.write_arrays(self.run.folder / "weights" / f"{epoch:04d}.npz", self.learner.weights())

    def _end(self, status: str, message: str, keep: bool = True) -> str:
        """keep: the weights of this moment are the result; otherwise those of the last whole epoch, if there are."""
        self._flush()
        if self.learner is not None:
            if keep and self.learning:
                self._snapshot()
                self._save_final(self.learner.weights())
            elif self.done:
                self._save_final(self.run.weights(self.done))
                (self.run.folder / "latest.npz").unlink(missing_ok=True)
        self.run.put_state(status=status, message=message, updated=time.time())
        return status

    def _save_final(self, weights: list[np.ndarray]) -> None:
        model = self.spec.network.build(self.spec.seed)
        model.set_weights(weights)
        partial = self.run.folder / f".final.{os.getpid()}.keras"
        model.save(partial)
        os.replace(partial, self.run.final)


def _write_checkpoint(path: Path, checkpoint: Checkpoint, lines: list[str]) -> None:
    files.write_arrays(
        path,
        [*checkpoint.model, *checkpoint.optimizer],
        epochs_done=np.int64(checkpoint.epochs_done),
        model_arrays=np.int64(len(checkpoint.model)),
        lines=np.array(lines),
    )


def _read_checkpoint(path: Path) -> tuple[Checkpoint | None, list[str]]:
    """The state after the last whole epoch and the lines of all epochs; None and nothing where there is none."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            done, split = int(stored["epochs_done"]), int(stored["model_arrays"])
            lines = [str(line) for line in stored["lines"]]
        arrays = files.read_arrays(path)
    except (*files.UNREADABLE, FileError):
        return None, []
    return Checkpoint(done, arrays[:split], arrays[split:]), lines
