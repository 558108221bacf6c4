"""Runs of a cluster whose worker is lost, and their process with it: they wait for another one."""

from __future__ import annotations

import time
from dataclasses import dataclass

from core.runs import folders
from core.runs.folders import Run
from words import _


@dataclass
class _Seen:
    """When a run's process was started, the worker at which it was seen first, and how often in a row at none."""

    started: float
    at: str
    nowhere: int = 0

    def left(self, at: str) -> bool:
        """Whether its job, which is seen at this worker or, twice in a row, at none, has left the first one."""
        self.nowhere = 0 if at else self.nowhere + 1
        return self.nowhere > 1 or at not in ("", self.at)


# by the run's id
_trains_at: dict[str, _Seen] = {}


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

    workers: which one has each run's job now, by the run's id, "" where none has; without those whose job has ended.
    Ask with all of them, every time.

    That a run's process is gone is not enough: a worker that is still there says itself what became of it. And a
    process may need longer to die than the cluster to give its job away: so where it trains is where it was seen first.
    Where all other workers are busy, the scheduler keeps the job; but once none has it as well that has just ended.
    """
    for run_id in _trains_at.keys() - workers.keys():
        del _trains_at[run_id]
    for run_id, at in workers.items():
        run = Run(run_id)
        said = run.said()
        if said.status not in folders.LIVE:
            continue
        seen = _trains_at.get(run_id)
        if seen is None or seen.started != said.started:
            if at:
                _trains_at[run_id] = _Seen(said.started, at)
        elif seen.left(at) and not run.alive:
            take_over(run)
