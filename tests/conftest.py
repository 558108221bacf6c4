"""The order of all tests. Training runs of tests go to a folder of their own, for this process and every server and
job that it starts."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

# no test judges a wall clock: on a busy machine anything may take long
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")

# What takes longest is begun first: with several processes none should begin a training when the others are done.
# The browser tests before all else, since each process that takes some of them needs a server and a browser.
_FIRST = ("browser/test_train", "browser/", "test_types", "core/training/", "core/pretrained/", "core/runs/")

_TESTS = Path(__file__).parent
_FOLDER = tempfile.mkdtemp(prefix="layer-lab-runs-")
os.environ["LAYER_LAB_RUNS"] = _FOLDER
# Two processes share two cores, with a server or a training each: as many threads as cores in each of them would wait
# for one another. A training of some hundred images takes a tenth less of processor with one.
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
# A training that took only what is left would take for ever where the machine is busy with something else.
os.environ.setdefault("LAYER_LAB_NICENESS", "0")


def pytest_collection_modifyitems(items):
    """Files in the order of `_FIRST`, the others after them; each file stays whole."""
    items.sort(key=lambda item: _place(os.path.relpath(item.path, _TESTS).replace(os.sep, "/")))


def pytest_collection_finish():
    """What is there by now, TensorFlow and thousands of tests, lasts to the end: Python's collector, which would look
    at all of it over and over, has a fifteenth of the processor otherwise."""
    gc.collect()
    gc.freeze()


def _place(path: str) -> int:
    return next((place for place, start in enumerate(_FIRST) if path.startswith(start)), len(_FIRST))


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


@pytest.fixture
def keras_seed():
    """keras.utils.set_random_seed, taken back after the test: it is one setting for the whole process, and tf.data
    would shuffle otherwise in the trainings of later tests."""
    import keras
    import tensorflow as tf

    yield keras.utils.set_random_seed
    tf.random.set_seed(None)
