"""Keras is imported without pandas: in a server, and in the process of a training."""

import subprocess
import sys

import pytest

from bench.servers import ROOT
from core.runs.processes import JobExecutor
from tests.core.libraries import wants_pandas

# as a server does it; whoever wants pandas can have it afterwards, and in other threads at the same time
SERVER = """
import importlib, sys, threading
from core.libraries import hidden, startup

startup.prepare()
import keras
assert "pandas" not in sys.modules, "Keras has imported it"
keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])(keras.ops.ones((1, 2)))
found = []
with hidden.pandas():
    from tests.core.libraries import wants_pandas
    assert not wants_pandas.has_it()
    other = threading.Thread(target=lambda: found.append(importlib.import_module("pandas").Series))
    other.start()
    other.join()
assert found, "another thread did not get it"
importlib.reload(wants_pandas)
assert wants_pandas.has_it()
"""


def test_a_server_has_no_pandas_until_somebody_else_wants_it():
    done = subprocess.run([sys.executable, "-c", SERVER], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("forked", [False, True])
def test_a_job_has_none_either(forked, tmp_path):
    executor = JobExecutor(tmp_path / "turn", (wants_pandas.__name__,) if forked else ())
    try:
        assert executor.submit(wants_pandas.has_it).result(120) is False
        assert executor.submit(wants_pandas.finds_it).result(120) is False
    finally:
        executor.shutdown()
