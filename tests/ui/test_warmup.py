"""What a page says when TensorFlow cannot be loaded: one sentence, and no endless wait."""

from tests.ui.conftest import opened
from ui.shared import warmup


def test_a_failed_import_is_said_and_nobody_waits(monkeypatch):
    def broken():
        raise ImportError("libtensorflow is missing.\nA second line.")

    monkeypatch.setattr(warmup, "_failure", [])
    monkeypatch.setattr(warmup, "_ready", type(warmup._ready)())
    monkeypatch.setattr(warmup.startup, "prepare", broken)
    try:
        warmup._warm_up()
    except ImportError:
        pass
    else:
        raise AssertionError("the terminal must see the whole error")
    app = opened("conv2d")
    assert [error.value for error in app.error] == [
        "TensorFlow should load and did not: ImportError: libtensorflow is missing. "
        "The terminal that runs the dashboard says more."
    ]
    assert app.slider(key="conv_filters").value == 8
