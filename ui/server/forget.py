"""What belongs to a class is deleted when its day is over, whether or not anybody looks."""

from __future__ import annotations

import asyncio
import importlib
import logging

# nothing of it is read any more from the second on at which the class ends
_EVERY_S = 60.0


async def keep() -> None:
    """For as long as the server runs; what ended while none ran is found with the first look."""
    while True:
        await asyncio.sleep(_EVERY_S)
        await asyncio.to_thread(ended)


def ended() -> int:
    """Delete what has ended, and then the runs that had seen it; how many classes. Where nobody has opened one nothing
    of theirs is imported."""
    classes = _ended_classes()
    importlib.import_module("core.runs.of_classes").delete_ended()
    return classes


def _ended_classes() -> int:
    if not importlib.import_module("core.classes.place").there():
        return 0
    limits = importlib.import_module("core.classes.limits")
    try:
        return importlib.import_module("core.classes.store").tidy()
    except limits.ClassError as error:  # the next look may find the database
        logging.getLogger(__name__).warning("%s", error)
        return 0
