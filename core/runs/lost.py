"""Runs of a cluster whose worker is lost, and their process with it: they wait for another one."""

from __future__ import annotations

import time

from core.runs import folders
from core.runs.folders import Run
from words import _

# when a run's process was started, and the worker at which it was seen first, by the run's id
_trains_at: dict[str, tuple[float, str]] = {}


def take_over(run: Run) -> None:
    """The worker that trained a run is lost, and its process: it waits again, unless somebody had paused it."""
    epoch, now = len(run.epochs()), time.time()
    if run.said().status == "paused":
        message = _(
            "It was paused, and the worker that kept it in memory was lost. Resume goes on after epoch {epoch}.",
            epoch=epoch,
        )
        run.put_state(only=("paused",), status="stopped", message=message, updated=now)
    else:
        message = _("The worker that trained it was lost; it goes on after epoch {epoch} on another one.", epoch=epoch)
        run.put_state(only=folders.LIVE, status="queued", message=message, updated=now)


def look_after(workers: dict[str, str]) -> None:
    """Take over the runs whose worker is lost: the next one may be busy for long, and meanwhile their state says so.

    workers: which one has each run's job now, by the run's id, "" where none has; ask with all of them, every time.

    That a run's process is gone is not enough: a worker that is still there says itself what became of it, and nobody
    has the job then. And a process may need longer to die than the cluster to give its job away: so where it trains is
    where it was seen first.
    """
    for run_id in _trains_at.keys() - workers.keys():
        del _trains_at[run_id]
    for run_id, at in workers.items():
        run = Run(run_id)
        said = run.said()
        if said.status not in folders.LIVE or not at:
            continue
        started, first = _trains_at.get(run_id, (0.0, ""))
        if started != said.started:
            _trains_at[run_id] = said.started, at
        elif first != at and not run.alive:
            take_over(run)
