"""What a run writes to the disk: how much it may be, which epochs' weights are kept for that, and what is free."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from core.network.network import FLOAT_BYTES
from core.runs import folders
from core.training.optimizers import OPTIMIZERS
from core.training.spec import TrainingSpec
from words import _

# of one run, where LAYER_LAB_RUN_MB says nothing else
_MOST_MB = 1000
# of all runs together, where LAYER_LAB_RUNS_MB says nothing else
_MOST_ALL_MB = 20_000
# left for everybody else on this disk
SPARE_BYTES = 100 * 2**20
_MB = 2**20


def most_bytes() -> int:
    """Bytes that one run may write; LAYER_LAB_RUN_MB says another number of megabytes."""
    return _said("LAYER_LAB_RUN_MB", _MOST_MB)


def most_bytes_of_all() -> int:
    """Bytes that all runs together may have; LAYER_LAB_RUNS_MB says another number of megabytes."""
    return _said("LAYER_LAB_RUNS_MB", _MOST_ALL_MB)


def _said(variable: str, usual: int) -> int:
    said = os.environ.get(variable, "")
    return (int(said) if said.isdecimal() and len(said) < 9 else usual) * _MB


def kept_epochs(spec: TrainingSpec) -> set[int]:
    """The epochs whose weights stay, 0 for those it starts from: all of them where a run may write as much, else as
    many as it may, evenly spread; the start and the end at least."""
    room = (most_bytes() - _once(spec)) // max(1, _weights(spec))
    count = min(max(2, room), spec.epochs + 1)
    return {round(place * spec.epochs / (count - 1)) for place in range(count)}


def needed_bytes(spec: TrainingSpec) -> int:
    """Bytes that a run has on disk at its end, nearly."""
    return _once(spec) + len(kept_epochs(spec)) * _weights(spec)


def epoch_bytes(spec: TrainingSpec) -> int:
    """Bytes that must be free for one more epoch and a proper end, beside what is written already."""
    return _once(spec) + 2 * _weights(spec)


def free_bytes() -> int | None:
    """What is free on the disk of the runs; None where the system does not say."""
    try:
        return shutil.disk_usage(_there(folders.root())).free
    except OSError:
        return None


def problem(spec: TrainingSpec) -> str | None:
    """One sentence why there is no room for a run, or None."""
    if (least := _once(spec) + 2 * _weights(spec)) > most_bytes():
        return _(
            "A run may write {most} here, and one of this network writes {least}: take fewer filters or units.",
            most=_megabytes(most_bytes()),
            least=_megabytes(least),
        )
    free, needed = free_bytes(), needed_bytes(spec)
    if free is not None and free < needed + SPARE_BYTES:
        return _(
            "The run writes about {needed}, and on this disk {left} are left for it: delete runs, or take a smaller "
            "network.",
            needed=_megabytes(needed),
            left=_megabytes(max(0, free - SPARE_BYTES)),
        )
    return None


def problem_of_all(spec: TrainingSpec) -> str | None:
    """One sentence why one more run would be too much beside those that are there, or None. Looks at all their files:
    for the moment at which a run is started, not for every run of a page."""
    held, needed = sum(run.size() for run in folders.listed()), needed_bytes(spec)
    if held + needed <= most_bytes_of_all():
        return None
    return _(
        "All runs together may have {most} here; they have {held}, and this one writes about {needed}: delete runs, or "
        "take a smaller network.",
        most=_megabytes(most_bytes_of_all()),
        held=_megabytes(held),
        needed=_megabytes(needed),
    )


def _weights(spec: TrainingSpec) -> int:
    return FLOAT_BYTES * spec.network.parameter_count()


def _once(spec: TrainingSpec) -> int:
    """The newest weights, the final network and the checkpoint with the optimizer's state; and the batches."""
    rows = 6 * 8 * spec.epochs * spec.batches
    return (3 + OPTIMIZERS[spec.optimizer].slots) * _weights(spec) + rows


def _there(path: Path) -> Path:
    """The folder itself, or the nearest above it that exists."""
    return next((each for each in (path, *path.parents) if each.exists()), Path("/"))


def _megabytes(count: int) -> str:
    return f"{count / _MB:,.0f} MB"
