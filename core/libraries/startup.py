"""Gets TensorFlow and Keras ready: for a server process in which many threads build layers all the time, and for all
others that import them once and for all."""

from __future__ import annotations

import gc
import importlib
from collections.abc import Iterator
from contextlib import contextmanager

from core.libraries import hidden


def prepare() -> None:
    """Import TensorFlow and keep Keras warm. Takes some seconds."""
    with lasting():
        importlib.import_module("tensorflow")
        _keep_keras_warm()


@contextmanager
def lasting() -> Iterator[None]:
    """What is imported meanwhile stays until the process ends, and does without pandas if it can."""
    # collecting garbage while hundreds of thousands of such objects are made is a fifth of the time that TensorFlow
    # takes to load, and finds one in two hundred
    gc.disable()
    try:
        with hidden.pandas():
            yield
        # so the collector need not look at them later either; in a child that did, they would be copied
        gc.freeze()
    finally:
        gc.enable()


def _keep_keras_warm() -> None:
    """Makes `keras.backend.clear_session()` do nothing in this process.

    Streamlit calls it after each run of a script. It drops TensorFlow's compiled kernels, so that the next layer
    starts cold, and the state of layers that other threads are building at that moment; and it collects garbage
    among TensorFlow's 300,000 objects: 0.15 to 0.3 s for every rerun of a page, with the interpreter locked.
    Nothing here needs it: layers are built outside any graph, and results are bounded by the caches.
    """
    import keras

    keras.backend.clear_session = lambda free_memory=True: None
