"""How a Keras metric object collects over batches: what `update_state` adds up, and what `reset_state` forgets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.runs.schema import BATCH_COLUMNS
from words import _

MOST_POINTS = 400
_COLUMN = {name: i for i, name in enumerate(BATCH_COLUMNS)}


@dataclass(frozen=True, eq=False)
class Collected:
    """A metric after each batch of a run, arrays of shape (batches,).

    alone: the batch's own value; images: how many it had; total and count: the metric's two variables, the sum over
    images and their number since the last reset; result: total / count.
    """

    alone: np.ndarray
    images: np.ndarray
    total: np.ndarray
    count: np.ndarray
    result: np.ndarray


def collect(rows: np.ndarray, measure: str, reset: bool) -> Collected:
    """`keras.metrics.Mean` over "loss" or "accuracy", each batch weighted by its images, as `fit` weights them.

    rows: as `Run.batches` gives them; reset: whether `reset_state()` is called before the first batch of each epoch.
    """
    alone, images = rows[:, _COLUMN[measure]], np.diff(rows[:, _COLUMN["seen"]], prepend=0)
    total, count = np.cumsum(alone * images), np.cumsum(images)
    if reset:
        # the place of the epoch's first batch, for every batch
        starts = np.flatnonzero(rows[:, _COLUMN["batch"]] == 0)
        first = starts[np.searchsorted(starts, np.arange(len(rows)), side="right") - 1]
        before = total - alone * images, count - images
        total, count = total - before[0][first], count - before[1][first]
    return Collected(alone, images, total, count, total / count)


def places(rows: np.ndarray, most: int = MOST_POINTS) -> np.ndarray:
    """Which batches a picture shows: about `most`, evenly, and the first and last of each epoch."""
    count = len(rows)
    starts = np.flatnonzero(rows[:, _COLUMN["batch"]] == 0)
    even = np.linspace(0, count - 1, min(count, most)).round().astype(int)
    return np.unique(np.concatenate([even, starts, starts[1:] - 1]))


def as_code(run_id: str, measure: str, reset: bool) -> str:
    """A script that gives a Keras metric a run's batches one by one; `results` is what it says after each."""
    where, sizes = _("run this in the project's folder"), _("in each batch: the last of an epoch may be smaller")
    begins, alone = _("a new epoch begins"), _("the {measure} of this batch alone", measure=measure)
    lines = [
        "import numpy as np",
        "import tensorflow as tf",
        "",
        f"from core.runs import folders  # {where}",
        "",
        f'rows = folders.find("{run_id}").batches()  # {", ".join(BATCH_COLUMNS)}',
        f"images = np.diff(rows[:, 2], prepend=0)  # {sizes}",
        "",
        f'metric = tf.keras.metrics.Mean(name="{measure}")',
        "results = []",
        "for row, size in zip(rows, images):",
        *(["    if row[1] == 0:", f"        metric.reset_state()  # {begins}"] if reset else []),
        f"    metric.update_state(row[{_COLUMN[measure]}], sample_weight=size)  # {alone}",
        "    results.append(float(metric.result()))  # metric.total / metric.count",
        "print(results[-1])",
    ]
    return "\n".join(lines)
