"""Jobs on other machines: a concurrent.futures Executor over a Dask cluster, where DASK_SCHEDULER_ADDRESS names one.

Why not `Client.get_executor`: its jobs die with the client that asked for them, and with a scheduler that restarts.
Here a job goes on while the server that asked is restarted, the same call is made once, whoever asks for it, and what
a new scheduler does not know is sent to it again. Nothing here waits for the network but one thread: a scheduler that
is not there is said in a sentence, and no page hangs.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future, InvalidStateError
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.runs.packages import MISSING
from words import N_, _

if TYPE_CHECKING:
    from distributed import Client
    from distributed import Future as Task

VARIABLE = "DASK_SCHEDULER_ADDRESS"
_CONNECT_S = 4.0
_LOOK_S = 0.25
# which workers there are, and what they have to do: asked in that many looks once
_COUNT_LOOKS = 8
_ANSWER_S = 10.0
# how long whoever ends the executor waits for its good-bye to the network, when all jobs have ended
_GOODBYE_S = 15.0
_LOST = ("cancelled", "lost")


def address() -> str:
    """Where the cluster's scheduler listens, as tcp://host:8786; "" where trainings run on this machine."""
    return os.environ.get(VARIABLE, "").strip()


@dataclass(eq=False)
class _Job:
    """asked: seconds since 1970; task: what the scheduler knows of it, None before it was sent."""

    future: Future
    fn: Callable
    args: tuple
    asked: float
    task: Task | None = None

    @property
    def key(self) -> str:
        """The same for the same call, wherever it is asked for."""
        return f"{self.fn.__name__}-{json.dumps(self.args)}"


class ClusterExecutor(Executor):
    """Calls importable functions, with arguments that JSON can hold, in the workers of a cluster, in the order in which
    they were asked for; each once, however many ask, until it has ended.

    scheduler: its address. connected: called whenever a scheduler has answered, the first one or another one; counted:
    whenever it has said which workers there are, every two seconds.
    """

    def __init__(
        self, scheduler: str, connected: Callable[[], None] = lambda: None, counted: Callable[[], None] = lambda: None
    ):
        self._scheduler = scheduler
        self._connected = connected
        self._counted = counted
        self._jobs: list[_Job] = []
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._there = threading.Event()
        self._tried = threading.Event()
        self._closed = False
        self._why = ""
        self._workers = 0
        self._places: dict[str, str] = {}
        self._client: Client | None = None
        self._thread = threading.Thread(target=self._keep, name="cluster", daemon=True)
        self._thread.start()

    def submit(self, fn: Callable, /, *args: object, **kwargs: object) -> Future:
        """A Future of `fn(*args)`, which may be cancelled until it is done: the cluster then forgets the call.

        Raises TypeError for arguments that are not JSON or have names, RuntimeError after `shutdown`.
        """
        if kwargs:
            raise TypeError("Arguments of a job on the cluster should have no names.")
        job = _Job(Future(), fn, args, time.time())
        _ = job.key
        with self._lock:
            if self._closed:
                raise RuntimeError("This executor is shut down and takes no more jobs.")
            self._jobs.append(job)
        self._wake.set()
        return job.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more jobs. wait: until all have ended. cancel_futures: drop those that have not ended."""
        with self._lock:
            self._closed = True
            futures = [job.future for job in self._jobs]
        for future in futures if cancel_futures else ():
            future.cancel()
        self._wake.set()
        if wait:
            for future in futures:
                with contextlib.suppress(CancelledError):
                    future.exception()
            self._thread.join(_GOODBYE_S)

    @property
    def workers(self) -> int:
        """How many there are, as they were counted a moment ago."""
        return self._workers if self._there.is_set() else 0

    def worker_of(self, future: Future) -> str:
        """The address of the worker that has a call to make, at once or later, as was said a moment ago; "" where none
        has."""
        with self._lock:
            return next((self._places.get(job.key, "") for job in self._jobs if job.future is future), "")

    def problem(self, patience_s: float = _CONNECT_S + 1) -> str:
        """One sentence why no job can be sent now, "" where it can. patience_s: for the first connection only."""
        self._tried.wait(patience_s)
        if self._there.is_set():
            return ""
        said = _("the cluster's scheduler at {address} does not answer", address=self._scheduler)
        return f"{said} ({_(self._why)})" if self._why else said

    # -- the one thread that talks to the cluster ----------------------------------------------------------

    def _keep(self) -> None:
        looks = 0
        while not (self._closed and not self._jobs):
            if self._connect():
                if looks % _COUNT_LOOKS == 0:
                    self._count()
                looks += 1
                self._look()
            elif self._closed:
                break  # nobody is there who could be told
            self._wake.wait(_LOOK_S)
            self._wake.clear()
        self._disconnect()
        for job in self._jobs:
            if job.future.cancel():
                job.future.set_running_or_notify_cancel()

    def _connect(self) -> bool:
        if self._client is not None and self._client.status == "running":
            return True
        self._there.clear()
        self._disconnect()
        try:
            from distributed import Client
            from distributed.comm import get_address_host_port

            # a Client that finds nobody leaves a thread behind, each time
            socket.create_connection(get_address_host_port(self._scheduler), _CONNECT_S).close()
            # it would write a traceback for each connection that breaks; `problem` says the same in a sentence
            logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
            self._client = Client(self._scheduler, timeout=_CONNECT_S, set_as_default=False, name="layer-lab")
        except ImportError:
            self._why = MISSING
        except ValueError:
            self._why = N_("an address should look like tcp://host:8786")
        except Exception as error:  # the network has many
            self._why = "" if isinstance(error, OSError) else str(error).splitlines()[0]
        else:
            for job in self._jobs:
                job.task = None  # another scheduler knows nothing of it, and the same one loses nothing by it
            self._there.set()
            self._count()
            with contextlib.suppress(Exception):
                self._connected()
        self._tried.set()
        return self._there.is_set()

    def _disconnect(self) -> None:
        if self._client is not None:
            with contextlib.suppress(Exception):
                self._client.close(timeout=1)
            self._client = None

    def _count(self) -> None:
        assert self._client is not None
        with contextlib.suppress(Exception):  # gone at this moment: whoever looks next connects again
            scheduler = self._client.scheduler
            assert scheduler is not None
            keys = self._client.sync(scheduler.processing, workers=None, callback_timeout=_ANSWER_S)
            self._workers = len(keys)
            self._places = {key: worker for worker, of_worker in keys.items() for key in of_worker}
            self._counted()

    def _look(self) -> None:
        with self._lock:
            jobs = list(self._jobs)
        for job in jobs:
            # one whose answer cannot be fetched keeps none of the others waiting
            with contextlib.suppress(Exception):
                if self._is_done(job):
                    with self._lock:
                        self._jobs.remove(job)

    def _is_done(self, job: _Job) -> bool:
        assert self._client is not None
        if job.future.cancelled():
            if job.task is not None:
                with contextlib.suppress(Exception):
                    self._client.cancel([job.task], force=True)
            job.future.set_running_or_notify_cancel()  # whoever waits for several futures hears of it only so
            return True
        if job.task is None or job.task.status in _LOST:
            job.task = self._sent(self._client, job)
        if job.task.status == "finished":
            value = job.task.result(timeout=_ANSWER_S)
            with contextlib.suppress(InvalidStateError):  # cancelled at this moment
                job.future.set_result(value)
            return True
        if job.task.status == "error":
            error = job.task.exception(timeout=_ANSWER_S)
            with contextlib.suppress(InvalidStateError):
                job.future.set_exception(error)
            return True
        return False

    def _sent(self, client: Client, job: _Job) -> Task:
        from distributed import fire_and_forget

        # `priority`: whoever asked first is first, whichever server it asked
        task = client.submit(job.fn, *job.args, key=job.key, pure=False, priority=-job.asked)
        fire_and_forget(task)  # it goes on without us
        return task
