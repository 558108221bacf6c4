"""One of the machines that train for a cluster: `python -m core.runs.worker`.

It asks the scheduler at DASK_SCHEDULER_ADDRESS for runs and trains them, one at a time, each in a process of its own as
everywhere. It needs the same project and the same folder of runs (LAYER_LAB_RUNS) as the dashboards. Where the
scheduler goes away what trains goes on, and the worker waits for the next one.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
import tempfile
import time
from concurrent.futures import TimeoutError as Unfinished
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.runs import cluster, folders, lost, recorder, seed
from core.runs.folders import Run, RunError
from core.runs.processes import JobError, JobExecutor
from core.storage.locks import FileLock, is_held
from words import _

if TYPE_CHECKING:
    from distributed import Worker

_POLL_S = 0.2
# for a folder that was made a moment ago on another machine
_APPEARS_S = 5.0
# for the turn, which a run that was paused may have taken again; then another worker may be idle
_TURN_S = 3.0
_AGAIN_S = 1.0


def train(run_id: str, queued: float) -> str:
    """Inside a worker: train a run to its end, whatever that is; the status it ended with.

    queued: the moment at which it was put in the queue; an order that was followed by a later one is none any more.
    A run that another process trains is followed instead, and goes on here after its last whole epoch where that
    process dies. Raises RunError where the run is not there, JobError where its process was killed.
    """
    run, place = _found(run_id), _Place()
    while True:
        said = run.said()
        if run.alive:
            place.leave()  # others may be trained here meanwhile
            time.sleep(_POLL_S)
        elif said.status in folders.LIVE:
            lost.take_over(run)
        elif said.status in folders.WAITING and said.queued == queued:
            return _trained(run, place)
        else:
            return said.status


def _found(run_id: str) -> Run:
    deadline = time.monotonic() + _APPEARS_S
    while (run := folders.find(run_id)) is None:
        if time.monotonic() > deadline:
            raise RunError(
                _(
                    "The worker {host} should find it in its folder of runs ({folder}), and does not: LAYER_LAB_RUNS "
                    "must name the same folder on all machines.",
                    host=socket.gethostname(),
                    folder=folders.root(),
                )
            )
        time.sleep(_POLL_S)
    return run


class _Place:
    """The one place of a worker: given back for good by a run that does not train."""

    def __init__(self) -> None:
        self._left = False

    def leave(self) -> None:
        """The worker may begin another run."""
        if not self._left:
            from distributed import secede

            secede()
            self._left = True


def _trained(run: Run, place: _Place) -> str:
    from distributed import Reschedule

    deadline = time.monotonic() + _TURN_S
    while is_held(turn()):
        if time.monotonic() > deadline:
            raise Reschedule
        time.sleep(_POLL_S)
    future = _jobs().submit(recorder.execute, run.id)
    while True:
        try:
            return future.result(_POLL_S)
        except JobError as error:
            if error.signal == signal.SIGTERM:  # this machine is being shut down
                raise Reschedule from error
            raise
        except Unfinished:
            if run.said().status == "paused":
                place.leave()


@lru_cache(maxsize=1)
def _jobs() -> JobExecutor:
    return JobExecutor(turn(), recorder.IMPORTS)


@lru_cache(maxsize=1)
def turn() -> Path:
    """The lock that is held by whoever trains for this worker.

    Numbered by the workers of this machine: one that was started again has the turn of the one before, whose training
    may still be at work.
    """
    turns = folders.turns()
    turns.mkdir(parents=True, exist_ok=True)
    number = 0
    while True:
        path = turns / f"{socket.gethostname()}-{number}"
        mine = FileLock(path.with_name(f"{path.name}.worker"))
        if mine.acquire():
            _kept.append(mine)
            return path
        number += 1


_kept: list[FileLock] = []  # until this process ends


def _kind() -> type[Worker]:
    """What a worker is to Dask."""
    from distributed import Worker

    class Leaving(Worker):
        """One that leaves a scheduler at once. Dask would wait half a minute for the threads that follow trainings,
        which end with those: so long nobody would be there for the scheduler that was started in the place of one."""

        async def close(self, *args: Any, **kwargs: Any) -> Any:
            return await super().close(*args, **{**kwargs, "executor_wait": False})

    return Leaving


async def serve(scheduler: str) -> None:
    """Work for a scheduler, and for the next one where it goes away, until this process is asked to end."""
    kind = _kind()
    loop, over, current = asyncio.get_running_loop(), asyncio.Event(), None
    for each in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(each, over.set)
    ended = asyncio.create_task(over.wait())
    while not over.is_set():
        with contextlib.suppress(OSError, TimeoutError, asyncio.TimeoutError):
            async with kind(
                scheduler,
                nthreads=1,
                name=f"{turn().name}-{os.getpid()}",
                memory_limit=0,  # what needs memory is another process
                dashboard=False,
                dashboard_address="127.0.0.1:0",
                local_directory=tempfile.gettempdir(),
            ) as current:
                finished = asyncio.create_task(current.finished())
                await asyncio.wait({finished, ended}, return_when=asyncio.FIRST_COMPLETED)
                finished.cancel()
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(asyncio.shield(ended), _AGAIN_S)


def main() -> None:
    """Serve the scheduler that the environment names."""
    if not (scheduler := cluster.address()):
        sys.exit(f"{cluster.VARIABLE} should say where the cluster's scheduler listens, as tcp://10.0.0.10:8786.")
    try:
        turn()
    except OSError as error:
        sys.exit(f"The folder of runs, {folders.root()}, should be there for writing, and is not: {error.strerror}.")
    with contextlib.suppress(seed.SeedError):
        seed.shared(recorder.IMPORTS)
    asyncio.run(serve(scheduler))


if __name__ == "__main__":
    from core.runs import worker

    worker.main()  # jobs are sent to the module of this name: the turn of both is one
