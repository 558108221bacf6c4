"""A lock in a file that the operating system lets go when its holder dies, however it dies.

It tells a running process from one that was killed: a process number in a file would outlive its process and may
later name another one.

Why not the package filelock: it cannot ask whether a lock is held but by taking it, and pages ask all the time. Of two
that ask at once one would then take the other for the holder, and a run for alive. `is_held` asks with a shared lock.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_POLL_S = 0.05


class FileLock:
    """Held by one process at a time; `path` is made where it is missing, and stays."""

    def __init__(self, path: Path):
        self.path = path
        self._file: int | None = None

    @property
    def held(self) -> bool:
        """Whether this very object holds the lock."""
        return self._file is not None

    def acquire(self, timeout_s: float = 0.0) -> bool:
        """True once the lock is held, False where it is not free within `timeout_s`."""
        deadline = time.monotonic() + timeout_s
        while not self._try():
            if time.monotonic() >= deadline:
                return False
            time.sleep(_POLL_S)
        return True

    def release(self) -> None:
        """Let go; nothing where it is not held."""
        if self._file is not None:
            os.close(self._file)  # closing releases it
            self._file = None

    def _try(self) -> bool:
        if self._file is not None:
            return True
        file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _take(file)
        except OSError:
            os.close(file)
            return False
        self._file = file
        return True


# to ask is to write nothing; Windows takes a lock only in a file that is open for writing
_ASKING = os.O_RDWR if sys.platform == "win32" else os.O_RDONLY


def is_held(path: Path) -> bool:
    """Whether some process holds the lock in `path`; False where there is no such file."""
    try:
        file = os.open(path, _ASKING)
    except OSError:  # the folder went away meanwhile
        return False
    try:
        _take(file, shared=True)  # two that ask at the same time do not disturb each other
    except OSError:
        return True
    finally:
        os.close(file)
    return False


def _take(file: int, shared: bool = False) -> None:
    """Raises OSError where another process holds it."""
    if sys.platform == "win32":
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
