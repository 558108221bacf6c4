"""The training process of a run: trains, writes the run's folder as it goes, and obeys pause, resume and stop."""

from __future__ import annotations

import contextlib
import contextvars
import os
import socket
import threading
import time
import traceback
from collections import deque
from dataclasses import replace
from typing import Any

import numpy as np

import words
from core.classes.limits import ClassError
from core.runs import budget, folders, turn
from core.runs.copies import Copies
from core.runs.folders import RunError
from core.runs.writer import Writer, epoch_line
from core.storage import disk
from core.training import data, precision
from core.training.loop import DivergedError, Learner, Listener, Stopped, train
from words import _

# how often the folder is brought up to date while batches go by; both together cost well below 2 % of the time
FLUSH_S = 0.5
SNAPSHOT_S = 4.0
_WATCH_S = 0.1
_PACE_S = 6.0
_LOCK_S = 5.0
# what a training imports, the first thing or later
IMPORTS = ("tensorflow", "keras", "core.runs.recorder", "core.training.data", "core.augmentation.distort")
# paused runs that stay in memory: each holds some hundred megabytes
MOST_PAUSED = 2
_COUNT_S = 1.0


class _GivenUp(Exception):  # noqa: N818  (as Stopped)
    """Others were paused later, and memory is for those."""


class NoRoomError(Exception):
    """The disk has no room for another epoch; the message says so."""


def execute(run_id: str, language: str = words.ENGLISH) -> str:
    """The job of one run, from its last epoch on where there is one; returns the status it ended with.

    language: in which it says why it ended.
    """
    with words.using(language):
        return _execute(run_id)


def _execute(run_id: str) -> str:
    run = folders.find(run_id)
    if run is None:
        return "deleted"
    writer = Writer(run)
    # another server may have started the same run
    if not writer.acquire(_LOCK_S):
        return run.said().status
    try:
        return Recorder(writer).work() if run.said().status in folders.WAITING else run.said().status
    finally:
        writer.release()


class Recorder(Listener):
    """Listens to the training of one run and writes what it hears, whenever it is time to."""

    def __init__(self, writer: Writer):
        self.writer, self.run = writer, writer.run
        self.spec = self.run.spec
        self.copies = Copies(self.run)
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
        now, here = time.time(), socket.gethostname()
        self.writer.put_state(status="starting", pid=os.getpid(), host=here, started=now, updated=now, message="")
        watch = contextvars.copy_context().run  # in this thread's language
        threading.Thread(target=watch, args=(self._watch,), name="watch", daemon=True).start()
        try:
            self._train()
            return self._end("finished", "")
        except Stopped:
            return self._end("stopped", _("Stopped by hand; what it had learned by then is kept."))
        except _GivenUp:
            # no longer one of those that stand still, or its last words would look like the latest pause
            self.writer.put_state(status="running", updated=time.time())
            return self._end(
                "stopped",
                _(
                    "It was paused, and only the {most} runs that were paused last stay in memory. Resume goes on "
                    "after epoch {epoch}.",
                    most=MOST_PAUSED,
                    epoch=self.done,
                ),
            )
        except DivergedError as error:
            return self._end("diverged", str(error), keep=False)
        except NoRoomError as error:
            return self._end("stopped", str(error))
        except (RunError, ClassError) as error:
            return self._end("failed", str(error), keep=False)
        except Exception as error:
            if full := disk.reason_behind(error):
                said = _("The run could not be written to the disk: {reason}", reason=full)
                return self._end("failed", said, keep=False)
            reason = f"{type(error).__name__}: {error}".splitlines()[0]
            text = traceback.format_exc()
            with contextlib.suppress(OSError):
                self.writer.note_error(text)
            return self._end("failed", _("The training crashed. {reason}", reason=reason), keep=False)

    def _train(self) -> None:
        if problem := data.problem(self.spec):  # what it was to see may be gone since it was put in the queue
            raise RunError(problem)
        # only now, in the process that trains: it takes seconds, and the state says "starting" meanwhile
        if self.spec.precision == "auto":
            said = _("Measuring which precision is faster here, once for this kind of network.")
            self.writer.put_state(message=said)
        policy = precision.choose(self.spec, folders.root() / "precision.json")
        self.writer.put_state(precision=policy, batches=self.spec.batches, message="", updated=time.time())
        checkpoint, self.lines = self.writer.checkpoint()
        self._check_room()
        self._go_back_to(checkpoint.epochs_done if checkpoint else 0)
        train(replace(self.spec, precision=policy), self, checkpoint)

    def _go_back_to(self, epochs: int) -> None:
        """What was measured in an epoch that is not in the checkpoint is dropped: it is trained again."""
        self.done = epochs
        rows = self.writer.go_back_to(epochs, self.lines)
        self.seconds = float(rows[-1, 5]) if len(rows) else 0.0

    # -- what the training tells ---------------------------------------------------------------------------

    def started(self, learner: Learner) -> None:
        """The start weights are epoch 0."""
        self.learner = learner
        if self.done == 0:
            self.writer.save_weights(0, learner.weights())
        now = time.monotonic()
        self.last_batch = self.last_flush = self.last_snapshot = now
        devices = learner.devices.count
        self.writer.put_state(status="running", epoch=self.done, batch=0, devices=devices, updated=time.time())
        self._obey()

    def batch(self, epoch: int, batch: int, loss: float, accuracy: float) -> None:
        """Keep the row; write rows, state and weights now and then."""
        now = time.monotonic()
        self.seconds += now - self.last_batch
        self.last_batch = now
        with self.writer.alone:  # not while the other thread ends what has not begun
            first, self.learning = not self.learning, True
        seen = epoch * self.spec.examples + min((batch + 1) * self.spec.batch_size, self.spec.examples)
        self.rows.append((epoch, batch, seen, loss, accuracy, self.seconds))
        self.pace.append((self.seconds, seen))
        while self.seconds - self.pace[0][0] > _PACE_S and len(self.pace) > 2:
            self.pace.popleft()
        if first or now - self.last_flush > FLUSH_S:  # somebody waits for the first number
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
        self.writer.save_weights(self.done, self._told().weights())
        if self.done - 1 not in budget.kept_epochs(self.spec):  # the last one always stays
            self.writer.drop_weights(self.done - 1)
        self.lines.append(epoch_line(self.done, self.seconds, measured))
        self.writer.save_checkpoint(self._told().checkpoint(self.done), self.lines)
        self.writer.append_epoch(self.lines[-1])
        self.writer.put_state(lasting=True, epoch=self.done, batch=0, updated=time.time())
        self.copies.soon()
        if self.done < self.spec.epochs:
            self._check_room()
        self._obey()

    def _check_room(self) -> None:
        free = budget.free_bytes()
        if free is not None and free < budget.epoch_bytes(self.spec):
            raise NoRoomError(
                _(
                    "Stopped after epoch {epoch}: the disk has {left:,} MB left, too little for another epoch. What it "
                    "has learned is kept; delete other runs, then resume it.",
                    epoch=self.done,
                    left=free // 2**20,
                )
            )

    # -- orders --------------------------------------------------------------------------------------------

    def _watch(self) -> None:
        """Reads orders beside the training, which may be importing or compiling for seconds."""
        while True:
            self.wish = self.writer.take_command() or self.wish
            if not self.run.folder.exists():
                os._exit(0)  # deleted: nothing is left to write to
            if self.wish == "stop":
                self._stop_before_the_first_batch()
            time.sleep(_WATCH_S)

    def _stop_before_the_first_batch(self) -> None:
        """Does nothing after it. Until the process is gone the training writes nothing: that it runs would be the last
        word of a run that has been stopped."""
        with self.writer.alone:
            if self.learning:
                return
            self.writer.free_reserve()
            said = _("Stopped before its first batch.")
            self.writer.put_state(status="stopped", message=said, updated=time.time())
            os._exit(0)

    def _obey(self) -> None:
        if self.wish == "stop":
            raise Stopped
        if self.wish == "pause":
            self._pause()

    def _pause(self) -> None:
        """Stand still, and let others train meanwhile."""
        self._flush(status="paused")
        self._snapshot()
        turn.give()
        counted = time.monotonic()
        while self.wish == "pause":
            time.sleep(_WATCH_S)
            if time.monotonic() - counted > _COUNT_S:
                counted = time.monotonic()
                if len(folders.paused_after(self.run)) >= MOST_PAUSED:
                    raise _GivenUp
        if self.wish != "stop":
            self.writer.put_state(status="waiting", updated=time.time())
            while not turn.take(_WATCH_S) and self.wish != "stop":
                pass
        if self.wish == "stop":
            raise Stopped
        self.pace.clear()
        self.last_batch = time.monotonic()
        self.writer.put_state(status="running", updated=time.time())

    # -- files ---------------------------------------------------------------------------------------------

    def _flush(self, **changes: Any) -> None:
        self.writer.append_batches(np.array(self.rows, np.float64))
        last = self.rows[-1] if self.rows else None
        self.rows = []
        self.last_flush = time.monotonic()
        position = {"epoch": int(last[0]), "batch": int(last[1]) + 1, "seen": int(last[2])} if last else {}
        pace = {"images_per_second": self._images_per_second()} if len(self.pace) > 1 else {}
        self.writer.put_state(**{**position, **pace, "updated": time.time(), **changes})

    def _images_per_second(self) -> float:
        (start, before), (end, after) = self.pace[0], self.pace[-1]
        return (after - before) / (end - start) if end > start else 0.0

    def _told(self) -> Learner:
        """The learner: nothing else is told before `started` has told it."""
        assert self.learner is not None
        return self.learner

    def _snapshot(self) -> None:
        self.writer.save_latest(self._told().weights())
        self.last_snapshot = time.monotonic()

    def _end(self, status: str, message: str, keep: bool = True) -> str:
        """keep: the weights of this moment are the result; otherwise those of the last whole epoch, if there are.

        Where even that cannot be written any more, what is there stays, and the state says why.
        """
        self.writer.free_reserve()
        try:
            self._keep(keep)
        except (OSError, RunError) as error:
            why = disk.reason_behind(error) or str(error)
            status = "failed"
            why = _("Its end could not be written to the disk: {reason}", reason=why)
            message = f"{message} {why}".strip()
        self.writer.put_state(lasting=True, status=status, message=message, updated=time.time())
        self.copies.last()
        return status

    def _keep(self, newest: bool) -> None:
        self._flush()
        if self.learner is None:
            return
        if newest and self.learning:
            self._snapshot()
            self.writer.save_final(self.learner.weights())
        elif self.done:
            self.writer.save_final(self.run.weights(self.done))
            self.writer.drop_latest()
