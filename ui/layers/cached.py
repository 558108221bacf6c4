"""Caches around core, nothing else. Keys are specs and indexes, never arrays; all are bounded, results by bytes."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.layers import steps
from core.layers.kinds import Activation, Dropout
from core.layers.layer import Layer
from core.network import activations
from core.network.activations import LayerResult
from core.tensors import statistics
from ui.shared import cache, digit

# Arrays in results are read-only, so one copy serves every session. The usual result has less than 1 MB, the largest
# (64 full-size maps into 128 units) 51 MB of weights. Thirty pupils who turn twenty sliders leave some 45 MB behind:
# the last ten of each are remembered, and a server is soon as large as it gets.
_MOST_BYTES = 24 * 2**20
_MOST_ON_INPUTS = 4 * 2**20
_MASKS = 48
# six numbers, and the key that names them: the text of a network
_SUMMARIES, _SUMMARY_BYTES = 512, 2048
SIDES = ("inputs", "outputs")


@st.cache_resource(max_entries=256, show_spinner=False)
def digit_input(split: str, index: int, scaled: bool = True) -> np.ndarray:
    """float32 (28, 28, 1) in [0, 1], or in [0, 255] where not `scaled`: what the first layer receives."""
    return activations.as_input(digit.image(split, index), scaled)


def result(specs: tuple[Layer, ...], split: str, index: int, scaled: bool = True) -> LayerResult:
    """What the last of `specs` did to the digit. Earlier layers come from the cache where only later
    settings were changed. scaled: see `activations.as_input`."""

    def make() -> LayerResult:
        *before, last = specs
        inputs = result(tuple(before), split, index, scaled).outputs if before else digit_input(split, index, scaled)
        return activations.run_layer(last, inputs)

    return _results.get((specs, split, index, scaled), make)


def _bytes(found: LayerResult) -> int:
    return cache.array_bytes([found.inputs, found.outputs, *found.weights])


_results = cache.Cache(_MOST_BYTES, _bytes)
_on_inputs = cache.Cache(_MOST_ON_INPUTS, _bytes)
_summaries = cache.Cache(_SUMMARIES * _SUMMARY_BYTES, lambda summary: _SUMMARY_BYTES)


@st.cache_resource(max_entries=_MASKS, show_spinner=False)
def _mask(key: str, _spec: Dropout, shape: tuple[int, ...]) -> np.ndarray:
    return steps.dropout_mask(_spec, shape)


def dropout_mask(spec: Dropout, shape: tuple[int, ...]) -> np.ndarray:
    """bool `shape`: what Keras' Dropout keeps for this spec."""
    return _mask(repr(spec), spec, shape)


@st.cache_resource(max_entries=_MASKS, show_spinner=False)
def dropout_average(key: str, _spec: Layer, _inputs: np.ndarray, masks: int) -> float:
    """Mean output of a Dropout over many masks. key: says which spec and inputs these are."""
    return steps.dropout_average(_spec, _inputs, masks)


def summary(key: str, result: LayerResult, side: str) -> statistics.Summary:
    """The numbers of one of its `SIDES`. key: says which network, layer and digit these are."""
    return _summaries.get((key, result.spec, side), lambda: statistics.summary(getattr(result, side)))


def on_input(key: str, spec: Layer, inputs: np.ndarray, weights: tuple[np.ndarray, ...] = ()) -> LayerResult:
    """What a layer makes of these inputs, with these weights where there are some. key: says which they are."""
    return _on_inputs.get((key, spec), lambda: activations.run_layer(spec, inputs, weights))


@st.cache_resource(max_entries=64, show_spinner=False)
def _curve(key: str, _spec: Activation, low: float, high: float) -> tuple[np.ndarray, np.ndarray]:
    line = activations.run_layer(_spec, np.linspace(low, high, 201, dtype=np.float32))
    return line.inputs, line.outputs


def activation_curve(spec: Activation, low: float, high: float) -> tuple[np.ndarray, np.ndarray]:
    """x and y of an activation from low to high, 201 points, computed by Keras."""
    return _curve(repr(spec), spec, low, high)
