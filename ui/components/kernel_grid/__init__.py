"""The kernel grid: kernel values typed by hand, one box a weight, coloured as weights."""

from __future__ import annotations

from ui.components import frame, register, sent, tables
from ui.shared import state

_mount = register("kernel_grid")
_KEY = "kernel_grid"


def kernel_grid(text: str) -> None:
    """Boxes for the kernel `text` (see `core.layers.kernels.parse`); what is typed becomes the setting conv_typed."""
    cells = [row.split(",") for row in text.split(";")]
    _mount(data=frame({"cells": cells}, tables("weights")), key=_KEY, on_typed_change=_typed)


def _typed() -> None:
    typed = sent(_KEY, "typed")
    try:
        # what a browser sends is checked like what an address says
        if isinstance(typed, str):
            state.change("conv_typed", state.PARAMS["conv_typed"].read(typed))
    except ValueError:
        return
