"""The script for a class's drawings trains on them, and judges by writers whose drawings it has not seen."""

import os

import numpy as np

from core.classes import board
from core.classes.drawings import Drawn
from core.data import mnist
from core.network.presets import Blocks
from core.scripts import class_drawings, parts
from tests.test_imports import ROOT


def test_the_script_trains_on_the_file_of_the_board(tmp_path, monkeypatch):
    half = mnist.half("test")
    # upside down: what nothing but the drawings can teach
    drawn = [
        Drawn(at, at % 6, half.images[at][::-1].copy(), [], int(half.labels[at]), 0, 0.5, "any") for at in range(24)
    ]
    file = tmp_path / "drawings.npz"
    file.write_bytes(board.as_file(drawn, "today"))
    monkeypatch.chdir(ROOT)
    small = Blocks(filters=(2,), convolutions=1, dense_units=4).network()
    script = class_drawings.train(parts.build(small), os.fspath(file), examples=130)
    found: dict = {}
    exec(compile(script, "script", "exec"), found)
    assert found["apart"].sum() == 8 and len(found["images"]) == 130 + 10 * 16
    assert set(found["writer"][found["apart"]]).isdisjoint(found["writer"][~found["apart"]])
    assert np.isfinite(found["before"]).all() and found["before"] != found["after"]
