"""The replay: a training that has ended, watched again at any speed; the browser does it alone, from one message."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ui.components import frame, register
from words import N_, _

_mount = register("replay")
# its axis goes up to 1
_SHARE = N_("Accuracy")

# x (seconds of training) and y of a line
Line = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True, eq=False)
class Measure:
    """One chart: batches thin, training and validation an epoch each. name: in English, the replay says it in the
    language of its page; digits: behind the point of its numbers."""

    name: str
    batches: Line
    train: Line
    validation: Line
    digits: int = 3


def replay(key: str, measures: list[Measure], seen: np.ndarray, epochs: int, colour: str) -> None:
    """Two charts that grow as they did, with a button, a speed and a slider over the seconds of the training.

    seen: training images seen so far, at each point of the batches; epochs: of the whole run, also those that it did
    not come to; colour: of the run.
    """
    arrays = {"seen": np.asarray(seen, np.int32)}
    for place, measure in enumerate(measures):
        for kind in ("batches", "train", "validation"):
            for axis, values in zip("xy", getattr(measure, kind), strict=True):
                arrays[f"{place}.{kind}.{axis}"] = np.asarray(values, np.float32)
    charts = [
        {"name": _(measure.name), "share": measure.name == _SHARE, "digits": measure.digits} for measure in measures
    ]
    _mount(data=frame({"charts": charts, "epochs": epochs, "colour": colour}, arrays), key=key)
