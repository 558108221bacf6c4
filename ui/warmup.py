"""Loads TensorFlow in the background, but only after the first page is on screen.

Importing TensorFlow takes seconds and holds the interpreter's lock for much of them: started with the server,
it delayed the first paint from 2.3 s to 6-7 s.
"""

from __future__ import annotations

import gc
import threading
import time

import numpy as np

_lock = threading.Lock()
_state = {"thread": None, "ready": False}

# The script of the first page has ended, its last messages are still on their way to the browser.
_GRACE_S = 0.4


def first_page_is_out() -> None:
    """Call at the end of a page's run; starts the warm-up once in a server's life."""
    with _lock:
        if _state["thread"] is None:
            _state["thread"] = threading.Thread(target=_warm_up, name="warm-up", daemon=True)
            _state["thread"].start()


def ready() -> bool:
    """True once layers can be computed without a wait."""
    return _state["ready"]


def _warm_up() -> None:
    time.sleep(_GRACE_S)
    from core import pipeline

    # the first call of each kind of layer is the slow one
    pipeline.run(pipeline.Walk().upto("output"), np.zeros(pipeline.INPUT_SHAPE, np.float32))
    _keep_keras_warm()
    _state["ready"] = True


def _keep_keras_warm() -> None:
    """Two things that cost every rerun 0.15 to 0.3 s once Keras is loaded, with the interpreter locked.

    Streamlit calls `keras.backend.clear_session()` after each run of a script. It drops TensorFlow's compiled
    kernels, so that the next layer starts cold, and the state of layers that other sessions are building at that
    moment; and it collects garbage among TensorFlow's 300,000 objects. Nothing here needs it: layers are built
    outside any graph, and results are bounded by the caches. The objects of the import will never be garbage
    either, so they are taken out of the collector's sight.
    """
    import keras

    keras.backend.clear_session = lambda free_memory=True: None
    gc.collect()
    gc.freeze()
