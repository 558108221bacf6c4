"""Gets TensorFlow and Keras ready for a server process in which many threads build layers all the time."""

from __future__ import annotations

import gc
import importlib

from core.libraries import hidden


def prepare() -> None:
    """Import TensorFlow and keep Keras warm. Takes some seconds."""
    # collecting garbage while hundreds of thousands of lasting objects are made costs time and frees nothing
    gc.disable()
    try:
        with hidden.pandas():
            importlib.import_module("tensorflow")
        _keep_keras_warm()
        # none of these objects will ever be garbage, so they are taken out of the collector's sight
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
