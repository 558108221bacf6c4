"""Where this server keeps what people make: runs, and the classes beside them."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

_HERE = Path(__file__).resolve().parents[2] / "runs"


def root() -> Path:
    """The folder of all runs; LAYER_LAB_RUNS names another one (tests use that)."""
    chosen = os.environ.get("LAYER_LAB_RUNS")
    return _path(chosen) if chosen and not elsewhere() else _HERE


@lru_cache(maxsize=16)  # a page asks some hundred times
def _path(chosen: str) -> Path:
    return Path(chosen)


def elsewhere() -> str:
    """The address to which runs are copied, see `core.runs.copies`: LAYER_LAB_RUNS where it is no path; else ""."""
    chosen = os.environ.get("LAYER_LAB_RUNS", "")
    return chosen if "://" in chosen else ""
