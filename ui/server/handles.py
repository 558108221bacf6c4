"""File handles: as many as the system gives, and one line a minute in the log once they are used up."""

from __future__ import annotations

import logging
import sys
import time

MOST_HANDLES = 65_536
_EVERY_S = 60.0


def prepare() -> None:
    """Call once, when the server starts."""
    _raise_limit()
    logging.getLogger("asyncio").addFilter(Seldom())


def _raise_limit() -> None:
    """A connection takes a handle, and a process starts with 1,024 of them: a few hundred that send nothing were enough
    to let nobody else in."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_HANDLES if hard == resource.RLIM_INFINITY else min(MOST_HANDLES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class Seldom(logging.Filter):
    """Lets what asyncio says of a connection that it cannot take pass once a minute: it tries again all the time, and
    wrote 640 MB."""

    def __init__(self):
        super().__init__()
        self.last = -_EVERY_S

    def filter(self, record: logging.LogRecord) -> bool:
        """All else passes."""
        if "out of system resource" not in record.getMessage():
            return True
        now = time.monotonic()
        if now - self.last < _EVERY_S:
            return False
        self.last = now
        return True
