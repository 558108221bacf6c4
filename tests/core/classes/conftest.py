"""The store of classes in both databases: a file, and a real PostgreSQL where the system has one."""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from core.classes import place, store

_NOT_THERE = "no PostgreSQL: the system's package brings it (Debian: apt install postgresql)"


def _programs() -> Path | None:
    """Where initdb and postgres are; Debian keeps them off the path, a folder a version."""
    found = shutil.which("initdb") or next(iter(sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))[::-1]), None)
    return Path(found).resolve().parent if found else None


def _account() -> str | None:
    """PostgreSQL refuses to run as root; the package makes an account for it. None: as who runs the tests."""
    if os.getuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        pytest.skip(_NOT_THERE)


@pytest.fixture(scope="session")
def postgres():
    """The address of a server of our own, which is gone with the tests. It listens on a socket in its folder only."""
    programs = _programs()
    if programs is None:
        pytest.skip(_NOT_THERE)
    account = _account()
    # a short path: that of a socket has at most 107 characters
    folder = Path(tempfile.mkdtemp(prefix="lab-pg-", dir="/tmp"))
    if account:
        shutil.chown(folder, account)
    data, options = folder / "data", {"user": account, "cwd": folder} if account else {"cwd": folder}
    quiet = {"check": True, "stdout": subprocess.DEVNULL, **options}
    initdb = [programs / "initdb", "-D", data, "-U", "lab", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    subprocess.run(initdb, **quiet)
    settings = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=50"
    control = [programs / "pg_ctl", "-D", data, "-w", "-t", "60"]
    subprocess.run([*control, "-l", folder / "log", "-o", settings, "start"], **quiet)
    try:
        yield f"postgresql://lab@/postgres?host={folder}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **quiet)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path, monkeypatch):
    """An empty database; its address."""
    monkeypatch.setenv("LAYER_LAB_RUNS", str(tmp_path))
    monkeypatch.delenv(place.VARIABLE, raising=False)
    if request.param == "postgresql":
        monkeypatch.setenv(place.VARIABLE, request.getfixturevalue("postgres"))
    yield place.url()
    if request.param == "postgresql":
        store.empty()
    store.forget_connections()
