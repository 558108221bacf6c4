"""Runs that have seen a class's drawings are deleted with the class: their weights remember what was drawn."""

from __future__ import annotations

import logging
import time

from core.classes import keys
from core.runs import folders, queue
from core.runs.folders import Run, RunError


def marked() -> list[tuple[Run, str]]:
    """The runs that see a class's drawings, or have seen them, each with the key of the class."""
    return [(run, key) for run in folders.listed() if (key := folders.class_of(run))]


def delete_ended(now: float | None = None) -> int:
    """Delete the runs of all classes that have ended, whatever those runs are doing; how many."""
    runs = marked()
    over = {key for key in {key for _run, key in runs} if _has_ended(key, time.time() if now is None else now)}
    deleted = 0
    for run, key in runs:
        if key in over:
            try:
                queue.delete(run)
                deleted += 1
            except RunError as error:  # the next look may be allowed to
                logging.getLogger(__name__).warning("%s", error)
    return deleted


def _has_ended(key: str, now: float) -> bool:
    # loads a database's driver, which a server without such runs need not
    from core.classes import training_set
    from core.classes.limits import ClassError

    try:
        return not training_set.is_open(key, now)
    except ClassError:  # it cannot be asked: then the day counts
        return keys.is_over(key, now)
