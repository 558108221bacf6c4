"""The models of the networks that can be chosen (`networks`), their weights, and what their layers make of a digit:
kept for all sessions, in so many bytes."""

from __future__ import annotations

import threading

import numpy as np

from core.network import output, saved
from core.network.activations import LayerResult, Tracer
from core.network.network import FLOAT_BYTES, Network, NetworkError
from core.runs.folders import RunError
from ui.shared import cache, digit, networks
from ui.shared.networks import Chosen
from words import _

# Of each of the four kinds of things that weigh as much as a network: models drawn and loaded, benches, traces, which
# hold the weights besides the maps. The default network has 7 MB, the largest 512; of small ones there is room for one
# a pupil.
_MOST_BYTES = 128 * 2**20
# of a model's compiled functions and objects, beside its weights
_MODEL_BYTES = 4 * 2**20


def _model_bytes(model) -> int:
    return _MODEL_BYTES + model.count_params() * FLOAT_BYTES


def _trace_bytes(results: dict[str, LayerResult]) -> int:
    return cache.array_bytes(
        array for result in results.values() for array in (result.inputs, *result.weights, result.outputs)
    )


@cache.bounded(_MOST_BYTES, _model_bytes)
def _drawn_model(key: str):
    return networks.parsed(key).build()


@cache.bounded(_MOST_BYTES, _model_bytes)
def _loaded_model(wanted: Chosen):
    if wanted.key == networks.SHIPPED:
        return saved.load_pretrained()
    if wanted.imported:
        return wanted.imported.build()
    return wanted.run.model(None if wanted.epoch == networks.NEWEST else wanted.epoch)


def model(wanted: Chosen):
    """The Keras model that reads digits. Raises NetworkError or RunError with one sentence."""
    if problem := reading_problem(wanted):
        raise NetworkError(problem)
    return _loaded_model(wanted) if wanted.trained else _drawn_model(wanted.key)


def reading_problem(wanted: Chosen) -> str | None:
    """One sentence why a network cannot read a digit, or None."""
    network = wanted.network
    if problem := network.problem():
        return problem
    return output.size_problem(network)


class _Bench:
    """One model of a kind of network that takes on the weights of one run and epoch after the other.

    Building a model and compiling its graph takes a third of a second, putting weights into it a few milliseconds:
    a slider over epochs, and a run that is watched, would otherwise stutter.
    """

    def __init__(self, network: Network):
        self.lock = threading.Lock()
        self.model = network.build()
        self.tracer = Tracer(self.model, network)
        self.holds: Chosen | None = None

    def trace(self, wanted: Chosen, image: np.ndarray) -> dict[str, LayerResult]:
        with self.lock:
            if self.holds != wanted:
                self.holds = None  # where the weights do not fit, they are half put in
                self.model.set_weights(_weights(wanted))
                self.holds = wanted
            return self.tracer.trace(image)


# by the text of the network
_benches = cache.Cache(_MOST_BYTES, lambda bench: _model_bytes(bench.model))


def weights(wanted: Chosen) -> list[np.ndarray]:
    """As `get_weights()` gives them. Raises NetworkError or RunError with one sentence."""
    return _weights(wanted) if wanted.trained else _drawn_model(wanted.key).get_weights()


def _weights(wanted: Chosen) -> list[np.ndarray]:
    if wanted.key == networks.SHIPPED:
        return saved.load_pretrained().get_weights()
    if wanted.imported:
        return list(wanted.imported.weights)
    if run := wanted.run:
        return run.weights(None if wanted.epoch == networks.NEWEST else wanted.epoch)
    raise RunError(_(networks.GONE))


_traces = cache.Cache(_MOST_BYTES, _trace_bytes)


def trace(wanted: Chosen, split: str, index: int, scaled: bool = True) -> dict[str, LayerResult]:
    """What every layer of a trained network made of a digit, by layer name; scaled: see `activations.as_input`.

    Raises NetworkError or RunError with one sentence.
    """
    return _traces.get((wanted, split, index, scaled), lambda: _traced(wanted, split, index, scaled))


def _traced(wanted: Chosen, split: str, index: int, scaled: bool) -> dict[str, LayerResult]:
    pixels, network = digit.image(split, index), wanted.network
    bench = _benches.get(networks.key_of(network), lambda: _Bench(network))
    return bench.trace(wanted, pixels if scaled else pixels.astype(np.float32))
