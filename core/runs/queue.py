"""Runs as jobs: start, pause, resume, stop and delete. The queue is on disk, so that a restarted server goes on with
it.

They are trained on this machine, or by the workers of a cluster where `core.runs.cluster` finds one: orders go through
the run's folder, so they are the same for both.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any

import words
from core.runs import budget, cluster, copies, folders, lost, recorder, seed, worker
from core.runs.cluster import ClusterExecutor
from core.runs.folders import Run, RunError, State
from core.runs.processes import JobExecutor
from core.runs.writer import Writer, read_checkpoint
from core.storage import disk
from core.storage.kept import elsewhere
from core.training import data
from core.training.spec import TrainingSpec
from words import _, plural

MOST_WAITING = 30
MOST_WAITING_EACH = 4
_KILLED_S = 1.5
_LOCK_S = 0.5
# what a page waits for a scheduler
_GLANCE_S = 0.5

_futures: dict[str, Future] = {}
# who says that a job has ended and who starts it again do not do so at the same time
_answering = threading.RLock()


@lru_cache(maxsize=1)
def executor() -> Executor:
    """One a process: the cluster's where there is one, which need not answer yet. On this machine the turn is shared by
    all processes that use the same folder of runs. Raises RunError."""
    try:
        folders.root().mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = disk.reason(error)
        raise RunError(
            _("There should be a folder for runs, and it cannot be made: {reason}", reason=reason)
        ) from error
    if scheduler := cluster.address():
        return ClusterExecutor(scheduler, _take_up, _look_after)
    return JobExecutor(folders.turn(), recorder.IMPORTS)


def _ready() -> None:
    """Raises RunError where nobody could train a run that is put in the queue now."""
    if cluster.address() and elsewhere():
        raise RunError(
            _(
                "Runs are trained by a cluster here, which needs a folder that all its machines share; LAYER_LAB_RUNS "
                "is {address}, to which runs are only copied. Nothing was started.",
                address=elsewhere(),
            )
        )
    found = executor()
    if isinstance(found, ClusterExecutor) and (problem := found.problem()):
        raise RunError(
            _(
                "Runs are trained by a cluster here, and {problem}: nothing was started. Try again later.",
                problem=problem,
            )
        )


def places() -> int:
    """How many runs are trained at the same time: the workers of a cluster, or this machine."""
    found = executor() if cluster.address() else None
    return found.workers if isinstance(found, ClusterExecutor) else 1


def waits_for() -> str:
    """What lets a run in the queue wait, as the end of a sentence."""
    found = executor() if cluster.address() else None
    if not isinstance(found, ClusterExecutor):
        return _("one training at a time on this machine")
    if problem := found.problem(_GLANCE_S):
        return _("{problem}, and the run waits until it does", problem=problem)
    if not found.workers:
        return _("no worker has come to the cluster yet, and the run waits for one")
    return plural(
        "one training at a time on the cluster's worker",
        "one training at a time on each of the cluster's {count} workers",
        found.workers,
    )


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
    if problem := spec.problem() or budget.problem(spec) or budget.problem_of_all(spec) or data.problem(spec):
        raise RunError(problem)
    _ready()  # first: where nobody could train it, no run is made
    run = folders.create(spec, name, owner)
    _submit(run)
    return run


def prepare() -> None:
    """Call where somebody may start a training soon: what it imports is imported meanwhile."""
    if cluster.address():
        return
    with contextlib.suppress(seed.SeedError):
        seed.shared(recorder.IMPORTS)


def pick_up() -> None:
    """Take over the runs that an earlier server left in the queue; call when a server starts.

    A cluster is called at once: whoever looks first should not be told that it does not answer.
    """
    if cluster.address():
        with contextlib.suppress(RunError):  # pages say it
            executor()
    _take_up()


def _take_up() -> None:
    """On a cluster those as well that are at work: a scheduler that was restarted knows nothing of them, and should one
    of its workers die, they go on elsewhere."""
    at_work = folders.all_at_work(*folders.LIVE) if cluster.address() else []
    for run in (*at_work, *folders.queue()):
        if run.id not in _futures:
            _submit(run)


def _look_after() -> None:
    found = executor()
    if isinstance(found, ClusterExecutor):
        lost.look_after({run_id: found.worker_of(future) for run_id, future in list(_futures.items())})


def may_go_on(now: State) -> bool:
    """Whether a run that was interrupted may be taken up by itself: by another worker of the cluster."""
    return now.status == "interrupted" and bool(cluster.address())


def _submit(run: Run) -> None:
    language = words.language()  # what the process writes for people is said as it is to who asked for it
    if cluster.address():  # whichever dashboard asks, it is the same job: so in no one's language
        future = executor().submit(worker.train, run.id, run.said().queued)
    else:
        future = executor().submit(recorder.execute, run.id, language)
    _futures[run.id] = future
    future.add_done_callback(lambda done: _ended(run, done, language))


def _ended(run: Run, future: Future, language: str) -> None:
    """A process that could not even begin leaves a run that says it waits: say what happened instead."""
    with _answering:
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
    _ready()
    with _answering, _writing(run) as only:
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
    """End it where it trains, and delete all its files. Raises RunError, also where a copy elsewhere stays for now."""
    copied = not folders.class_of(run)
    _cancel(run)
    if run.alive and (pid := _pid_here(run)):
        with contextlib.suppress(ProcessLookupError):  # another server was faster
            os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        deadline = time.monotonic() + _KILLED_S
        while run.alive and time.monotonic() < deadline:
            time.sleep(0.02)
    folders.remove(run)
    if copied:
        copies.forget(run)


def _pid_here(run: Run) -> int:
    """The process that trains a run, 0 where it is this one, or one of another machine: there its number is somebody
    else's here, and it ends by itself once its folder is gone."""
    said = run.said()
    ours = said.host in ("", socket.gethostname())
    return said.pid if ours and said.pid != os.getpid() else 0


def _cancel(run: Run) -> None:
    if future := _futures.pop(run.id, None):
        future.cancel()
