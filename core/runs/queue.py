"""Runs as jobs: start, pause, resume, stop and delete. The queue is on disk, so that a restarted server goes on with
it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any

import words
from core.runs import budget, folders, recorder, seed
from core.runs.folders import Run, RunError
from core.runs.processes import JobExecutor
from core.runs.writer import Writer, read_checkpoint
from core.storage import disk
from core.training.spec import TrainingSpec
from words import _

MOST_WAITING = 30
MOST_WAITING_EACH = 4
_KILLED_S = 1.5
_LOCK_S = 0.5
# what a training imports, the first thing or later
_IMPORTS = ("tensorflow", "keras", "core.runs.recorder", "core.training.data", "core.augmentation.distort")

_futures: dict[str, Future] = {}


@lru_cache(maxsize=1)
def executor() -> JobExecutor:
    """One a process. The turn is shared by all processes that use the same folder of runs. Raises RunError."""
    try:
        folders.root().mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = disk.reason(error)
        raise RunError(
            _("There should be a folder for runs, and it cannot be made: {reason}", reason=reason)
        ) from error
    return JobExecutor(folders.turn(), _IMPORTS)


def start(spec: TrainingSpec, name: str = "", owner: str = "") -> Run:
    """A new run, trained as soon as it is its turn. Raises RunError with one sentence.

    owner: who starts it (see `folders.create`), of whom only some may wait; nobody is counted where it is "".
    """
    waiting = folders.queue()
    if len(waiting) >= MOST_WAITING:
        raise RunError(
            _("At most {most} trainings can wait at the same time: stop one of them first.", most=MOST_WAITING)
        )
    if owner and folders.made_by(waiting, owner) >= MOST_WAITING_EACH:
        raise RunError(
            _(
                "{count} of your trainings wait already, and others wait for theirs: stop one of yours first.",
                count=MOST_WAITING_EACH,
            )
        )
    if problem := spec.problem() or budget.problem(spec) or budget.problem_of_all(spec):
        raise RunError(problem)
    executor()  # first: where nobody could train it, no run is made
    run = folders.create(spec, name, owner)
    _submit(run)
    return run


def prepare() -> None:
    """Call where somebody may start a training soon: what it imports is imported meanwhile."""
    with contextlib.suppress(seed.SeedError):
        seed.shared(_IMPORTS)


def pick_up() -> None:
    """Take over the runs that an earlier server left in the queue; call when a server starts."""
    for run in folders.queue():
        if run.id not in _futures:
            _submit(run)


def _submit(run: Run) -> None:
    language = words.language()  # what the process writes for people is said as it is to who asked for it
    future = executor().submit(recorder.execute, run.id, language)
    _futures[run.id] = future
    future.add_done_callback(lambda done: _ended(run, done, language))


def _ended(run: Run, future: Future, language: str) -> None:
    """A process that could not even begin leaves a run that says it waits: say what happened instead."""
    if _futures.get(run.id) is not future:
        return  # it was started again meanwhile: that one answers for it now
    del _futures[run.id]
    if future.cancelled() or not (error := future.exception()):
        return
    with contextlib.suppress(OSError), words.using(language):  # deleted, or not writable: nobody can be told
        message = _("The training process could not start. {error}", error=error)
        run.put_state(only=folders.WAITING, status="failed", message=message, updated=time.time())


def _said(action: Callable[..., None]) -> Callable[..., None]:
    """What the disk refuses is a RunError too; so is an order to a recorded run."""

    @wraps(action)
    def said(run: Run, *args: Any, **kwargs: Any) -> None:
        if run.recorded:
            raise RunError(
                _("{run} comes with Layer Lab: everybody may watch and evaluate it, nobody change it.", run=run.name)
            )
        try:
            action(run, *args, **kwargs)
        except OSError as error:
            raise RunError(_("That cannot be written to the disk: {reason}", reason=disk.reason(error))) from error

    return said


@_said
def pause(run: Run) -> None:
    """Stand still with everything in memory; other runs may train meanwhile. Raises RunError."""
    if (status := run.state.status) != "running":
        raise RunError(_("Only a run that trains can be paused; {run} is {status}.", run=run.name, status=_(status)))
    run.command("pause")


@_said
def resume(run: Run, from_start: bool = False) -> None:
    """Go on: at the same batch after a pause, from the last whole epoch after a stop or a crash.

    from_start: forget all that was learned and measured, and train it again. Raises RunError, also where the checkpoint
    is damaged or missing: then nothing is changed, and only `from_start` helps.
    """
    status = run.state.status
    if status == "paused":
        run.command("resume")
        return
    if status not in folders.RESUMABLE:
        raise RunError(_("{run} cannot be resumed: it is {status}.", run=run.name, status=_(status)))
    with _writing(run) as only:
        if from_start:
            only.start_over()
        else:
            only.checkpoint()
        run.drop_command()  # it was for a process that has ended
        now = time.time()
        _futures.pop(run.id, None)
        only.put_state(lasting=True, status="queued", queued=now, updated=now, message="")
    _submit(run)


def needs_start_over(run: Run) -> str | None:
    """One sentence why a run that was stopped, interrupted or failed can only be trained again; None where it can go
    on."""
    stamps = tuple(disk.written(run.folder / name) for name in (folders.CHECKPOINT, folders.EPOCHS, folders.SPEC))
    return _checkpoint_said(run.folder, run, stamps, words.language())


# a checkpoint is as large as three networks, and a page asks in every run of its script
@lru_cache(maxsize=64)
def _checkpoint_said(folder: Path, run: Run, stamps: tuple[int | None, ...], language: str) -> str | None:
    """folder and stamps: change with what is read; language: that of the sentence."""
    try:
        read_checkpoint(run)
    except RunError as error:
        return str(error)
    return None


@contextmanager
def _writing(run: Run) -> Iterator[Writer]:
    only = Writer(run)
    if not only.acquire(_LOCK_S):
        raise RunError(_("{run} cannot be resumed: its process is still at work.", run=run.name))
    try:
        yield only
    finally:
        only.release()


@_said
def stop(run: Run) -> None:
    """End it and keep what was learned. Raises RunError."""
    status = run.state.status
    if status in folders.WAITING:
        _cancel(run)
        message = _("Stopped before it began.")
        if not run.put_state(only=folders.WAITING, status="stopped", message=message, updated=time.time()):
            run.command("stop")  # it has begun meanwhile
    elif status in folders.LIVE:
        run.command("stop")
    else:
        raise RunError(_("{run} cannot be stopped: it is {status}.", run=run.name, status=_(status)))


@_said
def delete(run: Run) -> None:
    """End it where it trains, and delete all its files."""
    _cancel(run)
    if run.alive and (pid := _pid_here(run)):
        with contextlib.suppress(ProcessLookupError):  # another server was faster
            os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        deadline = time.monotonic() + _KILLED_S
        while run.alive and time.monotonic() < deadline:
            time.sleep(0.02)
    folders.remove(run)


def _pid_here(run: Run) -> int:
    """The process that trains a run, 0 where it is this one, or one of another machine: there its number is somebody
    else's here, and it ends by itself once its folder is gone."""
    said = run.said()
    ours = said.host in ("", socket.gethostname())
    return said.pid if ours and said.pid != os.getpid() else 0


def _cancel(run: Run) -> None:
    if future := _futures.pop(run.id, None):
        future.cancel()
