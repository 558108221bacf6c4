"""What a run measured, as curves over epochs, seconds or images, as a table and as CSV."""

from __future__ import annotations

import contextlib
import csv
import heapq
import io
import math

import numpy as np

from core.runs import folders
from core.runs.folders import Run, RunError
from core.runs.schema import BATCH_COLUMNS
from core.training.spec import TrainingSpec

MOST_POINTS = 400
# of all runs, to find one that is alike
_LATEST = 20
# a process loads TensorFlow, and Keras compiles
_BEGINNING_S = 10.0
_COLUMN = {name: i for i, name in enumerate(BATCH_COLUMNS)}


def batch_curve(
    rows: np.ndarray, batches: int, measure: str, axis: str = "epoch", most: int = MOST_POINTS
) -> tuple[np.ndarray, np.ndarray]:
    """x and y of "loss" or "accuracy" over batches, at most `most` points.

    rows: as `Run.batches` gives them; batches: in one epoch. Where there are more rows, each point is the mean of as
    many neighbours as needed (see `thinning`); x is where the last of them ended, in epochs, seconds or images seen.
    """
    every = thinning(len(rows), most)
    ends = np.minimum(np.arange(every, len(rows) + every, every), len(rows))
    if not len(rows):
        return np.empty(0), np.empty(0)
    sums = np.concatenate([[0.0], np.cumsum(rows[:, _COLUMN[measure]])])
    starts = np.concatenate([[0], ends[:-1]])
    return _x(rows[ends - 1], batches, axis), (sums[ends] - sums[starts]) / (ends - starts)


def thinning(rows: int, most: int = MOST_POINTS) -> int:
    """How many batches one point of a curve stands for."""
    return max(1, math.ceil(rows / most))


def _x(rows: np.ndarray, batches: int, axis: str) -> np.ndarray:
    if axis == "epoch":
        return rows[:, _COLUMN["epoch"]] + (rows[:, _COLUMN["batch"]] + 1) / batches
    return rows[:, _COLUMN[axis]]


def epoch_curve(epochs: list[dict], measure: str, axis: str = "epoch", examples: int = 0):
    """x and y of a measure over epochs; "val_loss" is the validation's. examples: training images in one epoch."""
    measured = [line for line in epochs if measure in line]
    x = {
        "epoch": [line["epoch"] for line in measured],
        "seconds": [line["seconds"] for line in measured],
        "seen": [line["epoch"] * examples for line in measured],
    }[axis]
    return np.array(x, float), np.array([line[measure] for line in measured], float)


def seconds_left(run: Run) -> float | None:
    """Time until the last batch at the pace of the last seconds; None while there is no pace yet."""
    state, spec = run.state, run.spec
    if state.images_per_second <= 0:
        return None
    return max(0, spec.epochs * spec.examples - state.seen) / state.images_per_second


def pace(spec: TrainingSpec) -> float | None:
    """Images per second of the latest run of the same network and batch size; None where there is none."""
    alike = (spec.network.unseeded(), spec.batch_size)
    for run in folders.listed()[:_LATEST]:
        with contextlib.suppress(RunError):  # deleted at this moment
            before = run.spec
            if (before.network.unseeded(), before.batch_size) == alike and (found := run.said().images_per_second):
                return found
    return None


def seconds_until_start(run: Run, places: int = 1) -> float | None:
    """When a run in the queue will begin, by the paces of earlier runs; None where one of those before it has none.

    places: how many are trained at the same time.
    """
    if places < 1:
        return None
    now = folders.all_at_work("starting", "running") if folders.at_work() else []
    needed = [seconds_left(each) for each in now[:places]]
    for ahead in folders.queue():
        if ahead.id == run.id:
            break
        spec = ahead.spec
        known = pace(spec)
        needed.append(_BEGINNING_S + spec.epochs * spec.examples / known if known else None)
    free = [0.0] * places  # when each place is
    for each in needed:
        if each is None:
            return None
        heapq.heapreplace(free, free[0] + each)
    return free[0]


def progress(run: Run) -> float:
    """Share of all training images seen, 0 to 1."""
    spec = run.spec
    return min(1.0, run.state.seen / (spec.epochs * spec.examples))


def differences(runs: list[Run]) -> list[tuple[str, list[str], bool]]:
    """Rows (setting, value in each run, whether they differ), those that differ first."""
    settings = [run.spec.settings() for run in runs]
    names = dict.fromkeys(name for values in settings for name in values)
    rows = []
    for name in names:
        values = [setting.get(name, "–") for setting in settings]
        rows.append((name, values, len(set(values)) > 1))
    return sorted(rows, key=lambda row: not row[2])


def epochs_csv(run: Run) -> str:
    """A line an epoch, with the names of the measures on top."""
    lines = run.epochs()
    file = io.StringIO()
    writer = csv.DictWriter(file, list(lines[0]) if lines else ["epoch"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return file.getvalue()


def batches_csv(run: Run) -> str:
    """A line a batch: epoch and batch counted from 1, images seen, loss and accuracy of the batch, seconds."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(BATCH_COLUMNS)
    for epoch, batch, seen, loss, accuracy, seconds in run.batches():
        writer.writerow([int(epoch) + 1, int(batch) + 1, int(seen), float(loss), float(accuracy), f"{seconds:.3f}"])
    return file.getvalue()
