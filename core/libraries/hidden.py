"""Keras without pandas. It imports it only to know a DataFrame where somebody trains on one, which nobody here does.

It would take 65 MB of each process that imports Keras and a tenth of the time that TensorFlow takes to load. And while
one thread imports it, Plotly fails in all others: as soon as there is a module of this name, it asks of each value
whether it is one of its Series, which a module that is half imported does not have.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.abc import MetaPathFinder

_NAME = "pandas"


class _Hidden(MetaPathFinder):
    """As where pandas is not installed, for the thread that makes this; others may import it meanwhile."""

    def __init__(self) -> None:
        self._thread = threading.get_ident()

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        if fullname == _NAME and threading.get_ident() == self._thread:
            raise ModuleNotFoundError(f"Keras is imported without {_NAME} here", name=_NAME)


@contextmanager
def pandas() -> Iterator[None]:
    """What is imported meanwhile, in this thread and for the first time, does without pandas if it can."""
    finder = _Hidden()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
