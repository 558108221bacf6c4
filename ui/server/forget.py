"""What belongs to a class is deleted when its day is over, whether or not anybody looks."""

from __future__ import annotations

import asyncio
import importlib
import logging

# nothing of it is read any more from the second on at which the class ends
_EVERY_S = 60.0
# the runs of classes that were there at the last look
_marked: set[str] = set()


async def keep() -> None:
    """For as long as the server runs; what ended while none ran is found with the first look."""
    while True:
        await asyncio.sleep(_EVERY_S)
        await asyncio.to_thread(ended)


def ended() -> int:
    """Delete what has ended, and then the runs that had seen it; how many classes. Where nobody has opened one nothing
    of theirs is imported."""
    classes = _ended_classes()
    runs()
    return classes


def runs() -> None:
    """Delete the runs of classes that have ended, and forget the weights of those that are gone, whoever has deleted
    them: pages keep networks in memory for the next one who asks."""
    of_classes = importlib.import_module("core.runs.of_classes")
    deleted, left = of_classes.delete_ended(), {run.id for run, _key in of_classes.marked()}
    if deleted or _marked - left:
        importlib.import_module("ui.shared.cache").clear_all()
    _marked.clear()
    _marked.update(left)


def _ended_classes() -> int:
    if not importlib.import_module("core.classes.place").there():
        return 0
    limits = importlib.import_module("core.classes.limits")
    try:
        return importlib.import_module("core.classes.store").tidy()
    except limits.ClassError as error:  # the next look may find the database
        logging.getLogger(__name__).warning("%s", error)
        return 0
