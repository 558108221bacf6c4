"""The turn to work: one of all jobs of a machine has it. In a job's process the turn it holds; anywhere else none."""

from __future__ import annotations

from core.storage.locks import FileLock

_lock: FileLock | None = None


def hold(lock: FileLock) -> None:
    """This process is a job, and `lock`, which it holds, is its turn."""
    global _lock
    _lock = lock


def give() -> None:
    """Inside a job: let the next one work meanwhile. Nothing outside a job."""
    if _lock is not None:
        _lock.release()


def take(timeout_s: float) -> bool:
    """Inside a job: True once it is its turn again. Outside a job it always is."""
    return _lock is None or _lock.acquire(timeout_s)
