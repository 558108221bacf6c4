"""A file lock belongs to one process and dies with it."""

import os
import signal
import subprocess
import sys

from bench.servers import ROOT
from core.storage.locks import FileLock, is_held

HOLDER = """
import sys
from pathlib import Path
from core.storage.locks import FileLock
lock = FileLock(Path(sys.argv[1]))
assert lock.acquire(60)
print("held", flush=True)
sys.stdin.read()
"""


def holder(path):
    """A process that holds the lock until it is killed."""
    command = [sys.executable, "-c", HOLDER, str(path)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_lock_on_the_same_file_waits_for_the_first(tmp_path):
    first, second = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert first.acquire()
    assert not second.acquire()
    assert is_held(tmp_path / "lock")
    first.release()
    assert second.acquire()
    assert second.held and not first.held


def test_asking_leaves_no_trace(tmp_path):
    assert not is_held(tmp_path / "lock")
    assert not (tmp_path / "lock").exists()
    FileLock(tmp_path / "lock").acquire()
    assert not is_held(tmp_path / "gone" / "lock")


def test_a_killed_holder_lets_go(tmp_path):
    process = holder(tmp_path / "lock")
    mine = FileLock(tmp_path / "lock")
    assert is_held(tmp_path / "lock")
    assert not mine.acquire(0.2)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert not is_held(tmp_path / "lock")
    assert mine.acquire(1)


def test_waiting_ends_as_soon_as_it_is_free(tmp_path):
    process = holder(tmp_path / "lock")
    process.terminate()
    assert FileLock(tmp_path / "lock").acquire(3600)  # one that slept for so long would be ended as hung
    process.wait()
