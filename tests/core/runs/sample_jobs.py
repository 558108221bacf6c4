"""Functions that the tests of core.runs.processes run in other processes."""

import os
import time
from pathlib import Path

from core.runs import turn


def add(left: int, right: int = 0) -> dict:
    """The sum, which process made it, and how far that, and its session where the system knows that, stands back."""
    session = Path("/proc/self/autogroup")  # empty where the kernel can share out among sessions, and is told not to
    words = session.read_text(encoding="ascii").split() if session.exists() else []
    return {"sum": left + right, "pid": os.getpid(), "nice": os.nice(0), "autogroup": words[-1] if words else None}


def fail(message: str) -> None:
    """An error with this message."""
    raise ValueError(message)


def die() -> None:
    """As a process that the system kills."""
    os.kill(os.getpid(), 9)


def mark(folder: str, name: str, seconds: float) -> None:
    """Notes when it began and ended."""
    begun = time.time()
    time.sleep(seconds)
    Path(folder, name).write_text(f"{begun} {time.time()}")


def step_aside(folder: str) -> bool:
    """Gives its turn away until the other job has left its mark."""
    turn.give()
    wait_for(Path(folder, "other"))
    return turn.take(60)


def mark_when_told(folder: str, name: str) -> None:
    """Leaves a mark once there is one that says `go`."""
    wait_for(Path(folder, "go"))
    Path(folder, name).touch()


def wait_for(mark: Path) -> None:
    """Until the mark is there, for a minute at most."""
    deadline = time.monotonic() + 60
    while not mark.exists():
        assert time.monotonic() < deadline, f"{mark.name} should be there and is not"
        time.sleep(0.05)


def who(left: int, right: int = 0) -> dict:
    """The sum, and which process made it, a child of which."""
    return {"sum": left + right, "pid": os.getpid(), "parent": os.getppid()}


def environment(name: str) -> str | None:
    """A variable of its environment."""
    return os.environ.get(name)
