"""Where this server keeps what people make: runs, and the classes beside them."""

from __future__ import annotations

import os
from pathlib import Path


def root() -> Path:
    """The folder of all runs; LAYER_LAB_RUNS names another one (tests use that)."""
    chosen = os.environ.get("LAYER_LAB_RUNS")
    return Path(chosen) if chosen and not elsewhere() else Path(__file__).resolve().parents[2] / "runs"


def elsewhere() -> str:
    """The address to which runs are copied, see `core.runs.copies`: LAYER_LAB_RUNS where it is no path; else ""."""
    chosen = os.environ.get("LAYER_LAB_RUNS", "")
    return chosen if "://" in chosen else ""
