"""How much of a disk a folder takes, also while somebody deletes it."""

import os
import shutil
from pathlib import Path

import pytest

from core.storage import disk


@pytest.fixture
def folder(tmp_path):
    """5 bytes, 2 of them one level below."""
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights" / "0001").write_bytes(b"12")
    (tmp_path / "state").write_bytes(b"123")
    return tmp_path


def test_a_folder_weighs_what_its_files_do(folder):
    assert disk.size(folder) == 5
    assert disk.size(folder / "none") == 0


def test_what_goes_away_meanwhile_does_not_count(folder, monkeypatch):
    scandir = os.scandir

    def gone(path):
        if not isinstance(path, int) and Path(path).name == "weights":
            shutil.rmtree(path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", gone)
    assert disk.size(folder) == 3
