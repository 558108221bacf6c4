"""Work in processes of its own, in order, one at a time per machine: a concurrent.futures Executor.

Why not ProcessPoolExecutor: its workers die with the server that made them. These are children that live on: a
training goes on while the server is restarted, and the next server neither starts a second one beside it nor waits
for it in vain, because the turn to work is a lock in a file, which all servers and all jobs of a machine share. They
run at low priority, so that pages stay quick, and are forked from a process that has imported what they need, see
`core.runs.seed`, where that is possible; elsewhere they start with nothing imported.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.runs import seed
from core.runs.seed import Forked
from core.storage.locks import is_held
from words import N_, _

_ROOT = Path(__file__).resolve().parents[2]
_POLL_S = 0.1
_LAST_LINES = 12
_PREFIX = "layer-lab-job-"
_OLD_S = 7 * 24 * 3600


class JobError(RuntimeError):
    """A job's process ended with an error: its own last line, or how the process ended, in the language of whoever
    asks.

    said: a message of the catalogue, or that line. values: what stands in the message. signal: the number of the signal
    that ended the process, 0 where none did.
    """

    def __init__(self, said: str, values: dict[str, object] | None = None, signal: int = 0):
        super().__init__(said, values, signal)  # all of it, for it may come from another machine
        self.said, self.values, self.signal = said, values or {}, signal

    def __str__(self) -> str:
        return _(self.said, **self.values)


@dataclass(frozen=True, eq=False)
class _Job:
    future: Future
    target: str
    arguments: str


class JobExecutor(Executor):
    """Runs importable functions, with arguments and results that JSON can hold, each in a process of its own.

    turn: path of the lock that a job holds while it works; executors with the same path share one turn. imports: the
    modules that most jobs need.
    """

    def __init__(self, turn: Path, imports: tuple[str, ...] = ()):
        self._turn = turn
        self._imports = imports
        self._waiting: deque[_Job] = deque()
        self._wake = threading.Condition()
        self._closed = False
        self._running: set[threading.Thread] = set()
        self._dispatcher = threading.Thread(target=self._dispatch, name="jobs", daemon=True)
        self._dispatcher.start()

    def submit(self, fn: Callable, /, *args: object, **kwargs: object) -> Future:
        """A Future of `fn(*args, **kwargs)`. A waiting one can be cancelled; a running one is beyond reach here.

        Raises ValueError for a function that another process cannot import, TypeError for arguments that are not
        JSON, RuntimeError after `shutdown`.
        """
        job = _Job(Future(), _name_of(fn), json.dumps([args, kwargs]))
        with self._wake:
            if self._closed:
                raise RuntimeError("This executor is shut down and takes no more jobs.")
            self._waiting.append(job)
            self._wake.notify_all()
        return job.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more jobs. wait: until all have ended. cancel_futures: drop those that have not started."""
        with self._wake:
            self._closed = True
            if cancel_futures:
                for job in self._waiting:
                    job.future.cancel()
                self._waiting.clear()
            self._wake.notify_all()
        if wait:
            self._dispatcher.join()
            for thread in list(self._running):
                thread.join()

    def _dispatch(self) -> None:
        _sweep()
        while (job := self._next()) is not None:
            try:
                process, result = self._launch(job)
            except Exception as error:  # no file or no process can be made now: the jobs behind this one may be luckier
                said = N_("No process could be started for the job: {error}.")
                job.future.set_exception(JobError(said, {"error": str(error)}))
                continue
            thread = threading.Thread(target=self._finish, args=(job, process, result), daemon=True)
            self._running.add(thread)
            thread.start()
            # the next one is started once this one has had its turn and gave it back, or has ended
            while process.poll() is None and not _has_begun(result):
                time.sleep(_POLL_S)

    def _next(self) -> _Job | None:
        """The first job that nobody cancelled, once the turn is free; None after the last one of a closed executor."""
        while True:
            with self._wake:
                while not self._waiting:
                    if self._closed:
                        return None
                    self._wake.wait()
            if is_held(self._turn):
                time.sleep(_POLL_S)
                continue
            with self._wake:
                job = self._waiting.popleft() if self._waiting else None
            if job is not None and job.future.set_running_or_notify_cancel():
                return job

    def _launch(self, job: _Job) -> tuple[subprocess.Popen | Forked, Path]:
        handle, name = tempfile.mkstemp(prefix=_PREFIX)
        os.close(handle)
        arguments = [str(self._turn), name, job.target, job.arguments]
        if self._imports:
            with contextlib.suppress(seed.SeedError):
                return seed.shared(self._imports).fork(arguments, _log(Path(name)), Path(name)), Path(name)
        return self._start(arguments, Path(name)), Path(name)

    def _start(self, arguments: list[str], result: Path) -> subprocess.Popen:
        """A process with nothing imported."""
        command = [sys.executable, "-m", "core.runs.job", *arguments]
        options: dict[str, Any] = {"start_new_session": True}
        if sys.platform == "win32":
            options = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.BELOW_NORMAL_PRIORITY_CLASS}
        # errors go to a file, not a pipe: a pipe's reader may die before the job does
        try:
            with open(_log(result), "wb") as file:
                return subprocess.Popen(
                    command, cwd=_ROOT, stdin=subprocess.DEVNULL, stdout=file, stderr=file, **options
                )
        except BaseException:
            _drop(result)
            raise

    def _finish(self, job: _Job, process: subprocess.Popen | Forked, result: Path) -> None:
        code = process.wait()
        log = _log(result)
        try:
            if code == 0:
                job.future.set_result(json.loads(result.read_text(encoding="utf-8")))
            else:
                job.future.set_exception(_failure(code, log))
        except (OSError, ValueError) as error:
            said = N_("The job ended well but left no result: {error}.")
            job.future.set_exception(JobError(said, {"error": str(error)}))
        finally:
            _drop(result)
            self._running.discard(threading.current_thread())


def _log(result: Path) -> Path:
    """Where a job's process writes its last words."""
    return result.with_name(f"{result.name}.log")


def _drop(result: Path) -> None:
    for path in (result, _log(result)):
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def _sweep() -> None:
    """Delete what jobs left in the temporary folder whose servers were killed; none works for so long."""
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _OLD_S:
                path.unlink()


def _has_begun(result: Path) -> bool:
    """Whether a job has had its turn. Asking whether the turn is held would miss one that gives it away at once."""
    try:
        return result.stat().st_size > 0
    except FileNotFoundError:  # it has ended, and its result is read
        return True


def _name_of(fn: Callable) -> str:
    module, name = getattr(fn, "__module__", ""), getattr(fn, "__qualname__", "")
    if not module or module == "__main__" or not name.isidentifier():
        raise ValueError(f"A job must be a function at the top of a module, so that its process can import it: {fn!r}.")
    return f"{module}:{name}"


def _failure(code: int, log: Path) -> JobError:
    """Why a process failed: the last line that it wrote, or the signal that ended it."""
    if code < 0:
        said = N_("The process was ended by signal {signal}; the machine may have run out of memory.")
        return JobError(said, {"signal": -code}, -code)
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-_LAST_LINES:]
    return JobError(lines[-1]) if lines else JobError(N_("The process ended with code {code}."), {"code": code})
