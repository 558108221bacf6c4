"""The order of all tests. Training runs of tests go to a folder of their own, for this process and every server and
job that it starts."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from itertools import islice

import pytest
from hypothesis import settings

# no test judges a wall clock: on a busy machine anything may take long
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")

# What takes longest is begun first: with several processes none should begin a training when the others are done.
_FIRST = ("browser/test_train", "browser/", "test_types", "core/training/", "core/pretrained/", "core/runs/")
_BROWSER = "browser/"

_FOLDER = tempfile.mkdtemp(prefix="layer-lab-runs-")
os.environ["LAYER_LAB_RUNS"] = _FOLDER
# Two processes share two cores, with a server or a training each: as many threads as cores in each of them would wait
# for one another. A training of some hundred images takes a tenth less of processor with one.
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Many trainings here go on until they are stopped. One that took only what is left would take for ever where the
# machine is busy with something else; at this it has a third of what others have.
os.environ.setdefault("LAYER_LAB_NICENESS", "5")


def pytest_collection_modifyitems(items):
    """A share for each process, which pytest-xdist deals out as equal parts of the list: first what takes long, then
    what does not, of which whoever has no more takes some from the end of the longest share."""
    shares = _shares(sorted(items, key=_place), int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))
    items[:] = [item for share in shares for item in share]


def _shares(items, processes: int) -> list[list]:
    """Each process that has tests of the browser needs a server and a browser, but all of them in one would end last:
    two have them, file by file in turns; what else takes long is the next one's, or follows. Files stay whole."""
    shares = [[] for _ in range(processes)]
    browsers = min(2, processes)
    longs = [item for item in items if _place(item) < len(_FIRST)]
    files = list(dict.fromkeys(item.path for item in longs if _name(item).startswith(_BROWSER)))
    for item in longs:
        place = files.index(item.path) % browsers if item.path in files else min(browsers, processes - 1)
        shares[place].append(item)
    shorts = iter(items[len(longs) :])
    for place, share in enumerate(shares):
        share += islice(shorts, max(0, _part(len(items), processes, place) - len(share)))
    shares[-1] += shorts
    return shares


def _part(tests: int, processes: int, place: int) -> int:
    """How many tests pytest-xdist gives to a process (`WorkStealingScheduling.check_schedule`)."""
    for left in range(processes, processes - place, -1):
        tests -= tests // left
    return tests // (processes - place)


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """What is there at its end, TensorFlow and thousands of tests, lasts to the end: Python's collector, which would
    look at all of it over and over, has a quarter of the processor while it is made and a fifteenth later; and as much
    again for what comes then, where it looks as often as it does by itself."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, *gc.get_threshold()[1:])
        gc.enable()


def _name(item) -> str:
    return item.nodeid.removeprefix("tests/")


def _place(item) -> int:
    return next((place for place, start in enumerate(_FIRST) if _name(item).startswith(start)), len(_FIRST))


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
