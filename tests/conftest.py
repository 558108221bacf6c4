"""Training runs of tests go to a folder of their own, for this process and every server and job that it starts."""

from __future__ import annotations

import os
import shutil
import tempfile

import pytest
from hypothesis import settings

# no test judges a wall clock: on a busy machine anything may take long
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")

_FOLDER = tempfile.mkdtemp(prefix="layer-lab-runs-")
os.environ["LAYER_LAB_RUNS"] = _FOLDER


@pytest.fixture(scope="session", autouse=True)
def runs_folder():
    """Emptied at the end; a training that still runs then ends with its folder."""
    yield _FOLDER
    shutil.rmtree(_FOLDER, ignore_errors=True)


@pytest.fixture
def own_runs(tmp_path, monkeypatch):
    """An empty folder of runs for one test."""
    monkeypatch.setenv("LAYER_LAB_RUNS", str(tmp_path))
    return tmp_path
