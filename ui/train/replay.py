"""A run that has ended, watched again in the browser: at any speed, by as many as like, at no cost to the server."""

from __future__ import annotations

import numpy as np

from core.runs import history
from core.runs.folders import Run
from ui.components.replay import Measure, replay
from ui.train import colours, settings

_AXIS = "seconds"


def show(run: Run, rows: np.ndarray, epochs: list[dict]) -> None:
    """Loss and accuracy over the seconds of the training. rows and epochs: as the run gives them, at least one row."""
    spec = run.spec
    measures = [
        Measure(
            title,
            history.batch_curve(rows, spec.batches, measure, _AXIS),
            history.epoch_curve(epochs, measure, _AXIS),
            history.epoch_curve(epochs, f"val_{measure}", _AXIS),
        )
        for measure, title in settings.MEASURES.items()
    ]
    seen, _losses = history.batch_curve(rows, spec.batches, "loss", "seen")
    replay("watch_replay", measures, seen, spec.epochs, colours.of(run))
