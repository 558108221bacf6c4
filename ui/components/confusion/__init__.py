"""The confusion matrix as buttons: which digit was taken for which, and how often."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ui.components import frame, register, sent, tables
from ui.shared import state

_mount = register("confusion")
_KEY = "eval_confusion"


def confusion(
    counts: np.ndarray, chosen: tuple[int, int], key: str = _KEY, picked: Callable[[], None] = lambda: None
) -> None:
    """counts: int (10, 10), rows true and columns predicted; what is picked becomes eval_true and eval_pred.

    picked: called then.
    """
    arrays = {"counts": counts.astype(np.int32), **tables("activations")}
    _mount(data=frame({"chosen": chosen}, arrays), key=key, on_pick_change=lambda: _picked(key, picked))


def _picked(key: str, picked: Callable[[], None] = lambda: None) -> None:
    pick = sent(key, "pick")
    try:
        # what a browser sends is checked like what an address says
        cell = {name: state.PARAMS[name].read(str(int(pick[name]))) for name in ("eval_true", "eval_pred")}
    except (TypeError, KeyError, ValueError):
        return
    state.put({**cell, "eval_page": 1})
    picked()
