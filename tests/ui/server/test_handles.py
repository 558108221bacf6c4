"""A server has as many file handles as it may, and says once a minute that they are used up."""

import logging
import subprocess
import sys

import pytest

from bench.servers import ROOT
from ui.server import handles


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
@pytest.mark.parametrize(("soft", "hard"), [(256, 512), (512, 512)])
def test_a_server_takes_the_handles_that_it_may_have(soft, hard):
    """In a process of its own: a limit that was lowered cannot be raised again."""
    script = (
        f"import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))\n"
        "from ui.server import handles\nhandles.prepare()\n"
        "print(*resource.getrlimit(resource.RLIMIT_NOFILE))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(hard), str(hard)]


def test_the_log_does_not_grow(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(handles.time, "monotonic", lambda: now[0])
    seldom = handles.Seldom()

    def passes(words):
        return seldom.filter(logging.LogRecord("asyncio", logging.ERROR, "", 1, words, (), None))

    full = "socket.accept() out of system resource"
    assert [passes(full), *(passes(full) for _ in range(100))] == [True] + [False] * 100
    assert passes("Task exception was never retrieved")
    now[0] += 61
    assert passes(full) and not passes(full)
