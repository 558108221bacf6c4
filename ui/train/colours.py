"""Which colour a run has: the same one wherever its curves are drawn."""

from __future__ import annotations

from core.runs import folders
from core.runs.folders import Run
from ui.shared import state
from viz.palette import RUNS


def of(run: Run) -> str:
    """By its place among all runs, so that neighbours differ. Runs that are compared all differ: where two would have
    the same colour the newer one takes one that is free, here as there."""
    places = {other.id: place for place, other in enumerate(reversed(folders.listed()))}
    # from the other end, so that they differ from the first ones made here
    places |= {other.id: -1 - place for place, other in enumerate(folders.recorded())}
    own = {run_id: RUNS[places.get(run_id, 0) % len(RUNS)] for run_id in sorted({*state.get("train_compare"), run.id})}
    compared = [run_id for run_id in own if run_id in state.get("train_compare")]
    taken: dict[str, str] = {}
    for run_id in compared:
        if own[run_id] not in taken.values():
            taken[run_id] = own[run_id]
    for run_id in compared:
        if run_id not in taken:
            taken[run_id] = next(colour for colour in RUNS if colour not in taken.values())
    return taken.get(run.id, own[run.id])
