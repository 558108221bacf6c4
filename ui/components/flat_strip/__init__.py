"""The flat strip: a vector and the maps it was made of, linked position by position."""

from __future__ import annotations

import numpy as np

from ui.components import frame, register, sent, tables
from ui.shared import state
from viz import palette

_mount = register("flat_strip")
_KEY = "flat_strip"


def flat_strip(vector: np.ndarray, shape: tuple[int, int, int], position: int) -> None:
    """vector (height · width · channels,) of maps of `shape`; what is picked becomes flat_position."""
    span = palette.symmetric(vector, "layer")
    header = {"shape": shape, "position": position, "range": [span.low, span.high]}
    _mount(data=frame(header, {"vector": vector, **tables("activations")}), key=_KEY, on_pick_change=_picked)


def _picked() -> None:
    try:
        state.put({"flat_position": state.PARAMS["flat_position"].read(str(int(sent(_KEY, "pick"))))})
    except (TypeError, ValueError):
        return
