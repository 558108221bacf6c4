"""The dashboards of a class: one process each, started again where one ends."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from ui.shared import visitor
from words import _

ROOT = Path(__file__).resolve().parents[1]
LOCAL = "127.0.0.1"
_PATIENCE_S = 180.0
_LOOK_S = 0.1
# between two starts of the same one: what fails at once would otherwise be tried without end
_AGAIN_S = 5.0


class StartError(RuntimeError):
    """A dashboard did not come up; the message is one sentence."""


def cores() -> int:
    """How many this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # only Linux says which
        return os.cpu_count() or 1


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody listens on right now."""
    probes = [socket.socket() for _port in range(count)]
    try:
        for probe in probes:
            probe.bind((LOCAL, 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


@dataclass
class Dashboard:
    """One process on a port of its own."""

    address: str
    port: int
    environment: dict[str, str]
    process: subprocess.Popen | None = None
    started: float = field(default=-_AGAIN_S)

    def start(self) -> None:
        """Start it, unless it was started just now."""
        if time.monotonic() - self.started < _AGAIN_S:
            return
        self.started = time.monotonic()
        command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.headless", "true"]
        command += ["--server.address", self.address, "--server.port", str(self.port)]
        # a session of its own: Ctrl+C ends the class, which then ends all of its dashboards
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | self.environment, stdout=subprocess.DEVNULL, start_new_session=True
        )

    @property
    def ended(self) -> bool:
        """Whether its process is gone."""
        return self.process is None or self.process.poll() is not None

    def wait(self) -> None:
        """Return once it answers. Raises StartError."""
        deadline = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline and not self.ended:
            try:
                with urllib.request.urlopen(f"http://{LOCAL}:{self.port}/_stcore/health", timeout=5):
                    return
            except OSError:
                time.sleep(_LOOK_S)
        raise StartError(_("A dashboard should answer on port {port}, and does not: is the port free?", port=self.port))

    def stop(self) -> None:
        """End it; trainings go on, as they always do."""
        if self.process is not None and not self.ended:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()


def environment(teacher: str) -> dict[str, str]:
    """What all dashboards of a class share. teacher: a password, "" where it is set elsewhere."""
    shared = {
        visitor.CLASS: "1",
        # a page that one of them gave out is good at the others
        "STREAMLIT_SERVER_COOKIE_SECRET": secrets.token_hex(32),
    }
    return shared | ({visitor.VARIABLE: teacher} if teacher else {})
