"""What the benchmarks share: servers on free ports, headless Chromium, and the empty page to compare with."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The peer of every figure: one slider, one line of text, nothing else.
# It runs with this project's configuration but for one thing: Streamlit by itself collects garbage after every run, and
# the last message of a run waits for that. Turned off in the peer too, the yardstick would move with what it measures.
PEER_OPTIONS = ["--runner.postScriptGC", "true"]
# A folder in which each server writes down what goes wrong, by its port; None: nobody reads it.
logs: Path | None = None
EMPTY_PAGE = 'import streamlit as st\nvalue = st.slider("x", 0, 100, 50)\nst.write(f"value {value}")\n'


def chromium() -> str | None:
    """Path of the installed Chromium or Chrome, None where there is none."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def headless_shell() -> str | None:
    """Path of Chromium without the window that nobody sees (Debian: chromium-headless-shell), None where there is none.

    The same engine; a page costs a third less of processor, since no frame of a window is painted around it. For tests:
    what is measured is measured in the browser that people have.
    """
    return shutil.which("chromium-headless-shell")


def free_port() -> int:
    """A port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(script: Path, port: int, **environment: str) -> subprocess.Popen:
    """`streamlit run script` on `port`, with this project's configuration; returns at once.

    environment: variables for its process, besides those of this one.
    """
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    command += ["--server.headless", "true"]
    if script.parent != ROOT:
        command += PEER_OPTIONS
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | environment
    with open(logs / f"{port}.log" if logs else os.devnull, "ab") as said:
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=said)


def wait_until_healthy(port: int, patience_s: float = 120) -> None:
    """Return once the server answers; TimeoutError after `patience_s`."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=1):
                return
        except OSError:
            time.sleep(0.02)
    raise TimeoutError(f"The server on port {port} should answer within {patience_s:g} s, and did not.")


@contextmanager
def serving(script: Path, **environment: str):
    """The address of a running server for `script`; it is stopped at the end."""
    port = free_port()
    server = start(script, port, **environment)
    try:
        wait_until_healthy(port)
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(60)


@contextmanager
def empty_page():
    """Path of the empty page's script."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "empty.py"
        script.write_text(EMPTY_PAGE)
        yield script


@contextmanager
def browser(*arguments: str, path: str | None = None):
    """A Playwright browser; SystemExit with a sentence where Chromium is missing.

    arguments: of Chromium, besides those that all its users need; path: of another Chromium than the installed one.
    """
    from playwright.sync_api import sync_playwright

    path = path or chromium()
    if path is None:
        raise SystemExit("This benchmark needs Chromium or Chrome on the PATH, and found none.")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=[*CHROMIUM_ARGS, *arguments])
        yield opened
        opened.close()
