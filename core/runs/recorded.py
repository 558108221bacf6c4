"""Recorded runs: one of every training preset comes with the project, so that a class can watch them all at once.

    python -m core.runs.recorded            record all of them again
    python -m core.runs.recorded NAME …     only those of some presets

Each is trained here as any other run, one after the other, and then put into assets/runs: its settings, curves and
times as they were measured; of its weights the last ones, rounded (`core.storage.rounding`). Its start weights need no
room: the seed draws them again.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from core.runs import folders, queue
from core.runs import run as runs
from core.runs.folders import Run
from core.storage import disk, files
from core.training.presets import PRESETS

# what their names begin with, as they are kept
MARK = runs.MARK
# between 0 and the largest weight that a unit has: four bits and a sign for each weight
STEPS = 15
_KEPT = (folders.SPEC, folders.STATE, folders.BATCHES, folders.EPOCHS)
_LOOK_S = 0.5


def of_preset(name: str) -> Run | None:
    """The recorded run of a preset, None where it was never recorded."""
    return next((run for run in folders.recorded() if run.readable and run.kept_name == f"{MARK}{name}"), None)


def record(name: str) -> Run:
    """Train a preset in the folder of runs, and wait until it has ended."""
    run = queue.start(PRESETS[name].spec, f"{MARK}{name}")
    while (at := run.state).status not in folders.ENDED:
        time.sleep(_LOOK_S)
    if at.status not in folders.BY_ITSELF:
        raise SystemExit(f"{name} should end by itself, and is {at.status}. {at.message}")
    return run


def put(run: Run, folder: Path) -> Path:
    """What is kept of a run that has ended, in `folder`; the new folder. An earlier recording of its name goes."""
    for old in folder.glob(f"*/{folders.SPEC}"):
        if json.loads(old.read_text(encoding="utf-8"))["name"] == run.name:
            shutil.rmtree(old.parent)
    made = folder / run.id
    (made / "weights").mkdir(parents=True)
    for name in _KEPT:
        if (run.folder / name).exists():  # one that diverged in its first epoch has no lines
            shutil.copyfile(run.folder / name, made / name)
    state = json.loads((made / folders.STATE).read_text(encoding="utf-8"))
    files.write_json(made / folders.STATE, {**state, "pid": 0, "host": ""})
    last = run.saved_epochs()[-1]
    if last:
        files.write_rounded(made / "weights" / f"{last:04d}.npz", run.weights(last), STEPS)
    return made


def main(names: list[str]) -> None:
    """Record the presets of these names, all of them where there are none."""
    if unknown := [name for name in names if name not in PRESETS]:
        raise SystemExit(f"The presets are {', '.join(PRESETS)}; not {', '.join(unknown)}.")
    with tempfile.TemporaryDirectory(prefix="layer-lab-recorded-") as folder:
        os.environ["LAYER_LAB_RUNS"] = folder
        for name in names or PRESETS:
            run = record(name)
            made = put(run, runs.RECORDED)
            at = run.state
            print(f"{name}: {at.status}, {run.batches()[-1, 5]:.0f} s, {disk.size(made):,} bytes", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
