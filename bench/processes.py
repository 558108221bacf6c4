"""What processes cost: seconds of a processor, and memory; from /proc, so on Linux only."""

from __future__ import annotations

import os
from pathlib import Path

_PROC = Path("/proc")
_MB = 2**20


def available() -> bool:
    """Whether this system says what its processes cost."""
    return (_PROC / "self" / "stat").exists()


def cpu_seconds(pid: int) -> float:
    """Of a process since it began, all its threads together; its children are not counted. 0 where it has ended."""
    try:
        # behind the name, which may hold anything: state, parent …, then user and system time in ticks
        values = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(values[11]) + int(values[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> float:
    """What a process holds for itself; 0 where it has ended. Pages of files (libraries) are not counted: whose they are
    depends on what else runs, and the system takes them back by itself."""
    try:
        lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) * 1024 / _MB for line in lines if line.startswith("Anonymous:"))


def children(pid: int) -> list[int]:
    """The processes that a process has started and that still run."""
    try:
        return [int(each) for each in (_PROC / str(pid) / "task" / str(pid) / "children").read_text().split()]
    except OSError:
        return []


def load() -> float:
    """How many processes wanted a core in the last minute."""
    return os.getloadavg()[0]
