"""Gets TensorFlow and Keras ready for a server process in which many threads build layers all the time."""

from __future__ import annotations

import gc

import numpy as np

from core import pipeline


def prepare() -> None:
    """Import TensorFlow, run every kind of layer once, and keep Keras warm. Takes some seconds."""
    # the first call of each kind of layer is the slow one
    pipeline.run(pipeline.Walk().upto("output"), np.zeros(pipeline.INPUT_SHAPE, np.float32))
    _keep_keras_warm()


def _keep_keras_warm() -> None:
    """Two things that would cost every rerun of a page 0.15 to 0.3 s, with the interpreter locked.

    Streamlit calls `keras.backend.clear_session()` after each run of a script. It drops TensorFlow's compiled
    kernels, so that the next layer starts cold, and the state of layers that other threads are building at that
    moment; and it collects garbage among TensorFlow's 300,000 objects. Nothing here needs it: layers are built
    outside any graph, and results are bounded by the caches. The objects of the import will never be garbage
    either, so they are taken out of the collector's sight.
    """
    import keras

    keras.backend.clear_session = lambda free_memory=True: None
    gc.collect()
    gc.freeze()
