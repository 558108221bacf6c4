"""Networks to take away: as a `.keras` file, as weights, as the script that builds them, all for plain Keras."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.network.network import Network

if TYPE_CHECKING:
    import keras


def as_keras_file(network: Network, weights: Sequence[np.ndarray]) -> bytes:
    """A `.keras` file for `keras.models.load_model`, without optimizer. weights: in the order of `get_weights()`.

    Raises ValueError where the weights are not the network's, or it cannot be built.
    """
    return _saved(network, weights, "network.keras", lambda model, path: model.save(path))


def as_weights_file(network: Network, weights: Sequence[np.ndarray]) -> bytes:
    """A `.weights.h5` file for `model.load_weights`. As `as_keras_file`."""
    return _saved(network, weights, "network.weights.h5", lambda model, path: model.save_weights(path))


def as_script(network: Network, weights_file: str | None = None) -> str:
    """The script that builds `model`, with its start weights, or with those in a file of `as_weights_file`."""
    code = network.as_code()
    return f"{code}\n\nmodel.load_weights({json.dumps(weights_file)})" if weights_file else code


def _saved(
    network: Network, weights: Sequence[np.ndarray], name: str, save: Callable[[keras.Model, Path], None]
) -> bytes:
    model = network.build()
    model.set_weights(list(weights))
    # Keras saves to files with its own endings only
    with tempfile.TemporaryDirectory(prefix="layer-lab-export-") as folder:
        path = Path(folder) / name
        save(model, path)
        return path.read_bytes()
