"""The process of one job, as `core.runs.processes` starts it: `python -m core.runs.job`."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
from pathlib import Path

from core.libraries import hidden
from core.runs import turn
from core.storage.locks import FileLock

# How far jobs stand back, from 0, an equal share, to 19: a job takes what the pages leave.
NICENESS = "LAYER_LAB_NICENESS"
_LOWEST = 19


def main(lock: str, result: str, target: str, arguments: str, server: int | None = None) -> None:
    """Wait for the turn, import the function, call it, leave its result.

    lock: path of the turn. result: path of the file for the result, which is empty until the job begins. target:
    "module:function". arguments: JSON of [args, kwargs]. server: the process that waits for the result, where it is not
    the parent.
    """
    parent = os.getppid()
    _stand_back()
    try:
        _work(lock, result, target, arguments)
    finally:
        if not (lives(server) if server else os.getppid() == parent):  # it was killed, and nobody will read these
            for path in (result, f"{result}.log"):
                with contextlib.suppress(OSError):
                    os.unlink(path)


def _stand_back() -> None:
    said = os.environ.get(NICENESS, "")
    niceness = min(int(said), _LOWEST) if said.isdecimal() else _LOWEST
    if hasattr(os, "nice"):
        os.nice(niceness)
    # Linux may share a processor out among sessions first (autogroup, sched(7)). A job is one of its own, and had as
    # much as the server with all its pages, however nice its process. Then the session is to be nice.
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(niceness), encoding="ascii")


def _work(lock: str, result: str, target: str, arguments: str) -> None:
    mine = FileLock(Path(lock))
    while not mine.acquire(60):
        pass
    Path(result).write_text("null", encoding="utf-8")  # it has begun; its result takes this place
    turn.hold(mine)
    module, _, name = target.partition(":")
    args, kwargs = json.loads(arguments)
    with hidden.pandas():  # the call, too: where no fork has brought Keras along, that imports it
        value = getattr(importlib.import_module(module), name)(*args, **kwargs)
    Path(result).write_text(json.dumps(value), encoding="utf-8")


def lives(pid: int) -> bool:
    """Whether there is a process of this number that is ours."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):  # gone, or the number is somebody else's by now
        return False
    return True


if __name__ == "__main__":
    _lock, _result, _target, _arguments = sys.argv[1:]
    main(_lock, _result, _target, _arguments)
