"""A process that has imported what jobs need, and forks itself for each: a job begins at once, and shares its memory.

Importing TensorFlow takes three of the five seconds of processor time of a small training. A fork is safe as long as
TensorFlow has computed nothing: its threads start with its first operation. So nobody computes here, and only Linux is
served; elsewhere, and where no such process can be made, `core.runs.processes` starts a new one for each job.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import IO, Any

from core.libraries import startup
from core.runs import job

_ROOT = Path(__file__).resolve().parents[2]
_POLL_S = 0.05
# it holds some 200 MB of its own: not for longer than somebody trains now and then
_IDLE_S = 600.0
# until a process that imports has answered, on a machine that is busy
_PATIENCE_S = 120.0


class SeedError(RuntimeError):
    """There is no such process here, or it has died."""


class Forked:
    """A job's process, with what `subprocess.Popen` has of one. begun: the file that says whether the job has begun."""

    def __init__(self, pid: int, begun: Path):
        self.pid = pid
        self._begun = begun
        self._code: int | None = None
        self._ended = threading.Event()

    def poll(self) -> int | None:
        """Its exit code, None while it works."""
        return self._code if self._ended.is_set() else None

    def wait(self) -> int:
        """Its exit code, once it has ended; negative where a signal ended it."""
        self._ended.wait()
        assert self._code is not None
        return self._code

    def end(self, code: int) -> None:
        """Called when its end is known."""
        self._code = code
        self._ended.set()

    def follow(self) -> None:
        """Wait for its end where nobody tells of it any more: then what it left says how it went."""
        while job.lives(self.pid):
            time.sleep(_POLL_S)
        with contextlib.suppress(OSError):
            if self._begun.stat().st_size:
                return self.end(0)
        self.end(-signal.SIGKILL)


class Seed:
    """The process, from the side of the one that gives orders. modules: what it imports.

    Raises OSError where it cannot be started.
    """

    def __init__(self, modules: tuple[str, ...]):
        command = [sys.executable, "-m", "core.runs.seed", *modules]
        self._process = subprocess.Popen(
            command,
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._lock = threading.Lock()
        self._begun = Path()
        self._answer: Forked | None = None
        self._answered = threading.Event()
        self._jobs: dict[int, Forked] = {}
        self._gone = False
        threading.Thread(target=self._listen, name="seed", daemon=True).start()

    @property
    def lives(self) -> bool:
        """Whether it takes orders."""
        return not self._gone and self._process.poll() is None

    def fork(self, arguments: list[str], log: Path, begun: Path) -> Forked:
        """A process that does `core.runs.job.main(*arguments)` with this process' environment, and writes to `log`.

        begun: the file that is not empty once the job has begun. Raises SeedError.
        """
        order = {"arguments": arguments, "log": str(log), "environment": dict(os.environ)}
        with self._lock:
            self._begun, self._answer = begun, None
            self._answered.clear()
            if self._gone:
                raise SeedError("it has ended")
            try:
                _write(self._process.stdin, order)
            except (OSError, ValueError) as error:  # its end of the pipe is closed, or ours
                raise SeedError("it takes no orders any more") from error
            self._answered.wait(_PATIENCE_S)
            return self._forked()

    def _forked(self) -> Forked:
        if self._answer is None:
            self._process.kill()
            raise SeedError("it does not answer")
        return self._answer

    def _listen(self) -> None:
        """What it tells: the number of a new process, or that one has ended, and with which code."""
        for line in self._process.stdout or ():
            told = json.loads(line)
            if "ended" in told:
                self._jobs.pop(told["ended"]).end(told["code"])
            else:
                self._answer = self._jobs[told["pid"]] = Forked(told["pid"], self._begun)
                self._answered.set()
        self._gone = True
        self._answered.set()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                pipe.close() if pipe else None
        for each in list(self._jobs.values()):
            threading.Thread(target=each.follow, daemon=True).start()


_kept: dict[tuple[str, ...], Seed] = {}
_start = threading.Lock()


def shared(modules: tuple[str, ...]) -> Seed:
    """The one of this process for these modules, started where there is none, which takes no time here; it takes orders
    while it still imports. Raises SeedError."""
    if sys.platform != "linux":
        raise SeedError("forking with TensorFlow in memory is known to be safe on Linux only")
    with _start:
        found = _kept.get(modules)
        if found is None or not found.lives:
            try:
                found = Seed(modules)
            except OSError as error:
                raise SeedError(str(error)) from error
            _kept[modules] = found
        return found


def _write(file: IO[bytes] | None, said: dict[str, Any]) -> None:
    if file is None:
        raise SeedError("it has no pipe")
    file.write(json.dumps(said).encode() + b"\n")
    file.flush()


# -- the process itself -----------------------------------------------------------------------------------------


def main(modules: list[str]) -> None:
    """Import, then fork for each order, until the one that gives them is gone or has given none for a while."""
    orders, answers = os.dup(0), os.fdopen(os.dup(1), "wb")  # nothing that is imported may read or write here
    server = os.getppid()
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    with startup.lasting():
        for module in modules:
            importlib.import_module(module)
    wake, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    _serve(orders, answers, wake, server)


def _serve(orders: int, answers: IO[bytes], wake: int, server: int) -> None:
    pending, working, latest = b"", 0, time.monotonic()
    while working or time.monotonic() - latest < _IDLE_S:
        ready, _, _ = select.select([orders, wake], [], [], _IDLE_S)
        if wake in ready:
            os.read(wake, 4096)
            for pid, code in _reaped():
                working -= 1
                _write(answers, {"ended": pid, "code": code})
        if orders not in ready:
            continue
        if not (chunk := os.read(orders, 2**16)):
            return
        pending += chunk
        while b"\n" in pending:
            line, _, pending = pending.partition(b"\n")
            pid = os.fork()
            if not pid:
                _become_job(json.loads(line), server, (orders, answers.fileno(), wake))
            working, latest = working + 1, time.monotonic()
            _write(answers, {"pid": pid})


def _reaped() -> list[tuple[int, int]]:
    found = []
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            found.append((ended[0], os.waitstatus_to_exitcode(ended[1])))
    return found


def _become_job(order: dict[str, Any], server: int, foreign: tuple[int, ...]) -> None:
    """In the child: never returns."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        for each in foreign:
            os.close(each)
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        for place in (1, 2):
            os.dup2(log, place)
        os.environ.clear()
        os.environ.update(order["environment"])
        lock, result, target, arguments = order["arguments"]
        job.main(lock, result, target, arguments, server)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1:])
