"""Which trained network a page shows: the shipped one or a run's, and at which epoch."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

from core.network import saved
from core.network.activations import LayerResult, Tracer
from core.network.presets import Blocks
from core.runs import folders
from ui.shared import controls, digit, state

SHIPPED = "shipped"
NEWEST = -1

# A model of the default network weighs 7 MB, and so does a trace: it holds the weights besides the maps.
_MODELS = 8
_TRACES = 8


def _known(key: str) -> None:
    if key != SHIPPED and folders.find(key) is None:
        raise ValueError("the shipped network or the id of a run on this machine")


state.declare(state.text("net", SHIPPED, _known, most=40), state.integer("net_epoch", NEWEST, NEWEST, 50))


@dataclass(frozen=True)
class Chosen:
    """A network that can be loaded. `epoch` is NEWEST or the number of an epoch; `stamp` changes with its file."""

    key: str
    epoch: int = NEWEST
    stamp: int = 0

    @property
    def run(self) -> folders.Run | None:
        """The run it comes from, None for the shipped network."""
        return None if self.key == SHIPPED else folders.Run(self.key)

    @property
    def name(self) -> str:
        """As people see it."""
        if self.run is None:
            return "Shipped network"
        return self.run.name if self.epoch == NEWEST else f"{self.run.name}, epoch {self.epoch}"

    @property
    def spec(self) -> Blocks:
        """What it is built from. Raises RunError where the run is gone."""
        return Blocks() if self.run is None else self.run.spec.network


def named(key: str, epoch: int = NEWEST) -> Chosen:
    """The network of this key; the shipped one where its run is gone or has no weights yet."""
    run = None if key == SHIPPED else folders.find(key)
    newest = run.newest() if run and run.readable else None
    if not newest:
        return Chosen(SHIPPED, NEWEST, _stamp(saved.FILE))
    if epoch != NEWEST and epoch not in run.saved_epochs():
        epoch = NEWEST
    # the weights of one epoch never change, the newest do while it trains
    return Chosen(key, epoch, _stamp(newest) if epoch == NEWEST else 0)


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def chosen(key: str = "net") -> Chosen:
    """What the setting `key` and its epoch say."""
    epoch = f"{key}_epoch"
    return named(state.get(key), state.get(epoch) if epoch in state.PARAMS else NEWEST)


def keys() -> list[str]:
    """The shipped network and every run that has learned something, newest first."""
    return [SHIPPED, *(run.id for run in folders.usable() if run.newest())]


def choose(key: str = "net", label: str = "Network") -> Chosen:
    """The select box for a network."""
    help = "The shipped network, or any that was trained on the Train page."
    controls.pick(key, label, keys(), lambda option: named(option).name, help)
    return chosen(key)


@st.cache_resource(max_entries=_MODELS, show_spinner=False)
def model(wanted: Chosen):
    """The Keras model. Raises NetworkError or RunError with one sentence."""
    if wanted.run is None:
        return saved.load_pretrained()
    return wanted.run.model(None if wanted.epoch == NEWEST else wanted.epoch)


class _Bench:
    """One model of a kind of network that takes on the weights of one run and epoch after the other.

    Building a model and compiling its graph takes a third of a second, putting weights into it a few milliseconds:
    a slider over epochs, and a run that is watched, would otherwise stutter.
    """

    def __init__(self, spec: Blocks):
        self.lock = threading.Lock()
        self.model = spec.build()
        self.tracer = Tracer(self.model, spec.network())
        self.holds: Chosen | None = None

    def trace(self, wanted: Chosen, image: np.ndarray) -> dict[str, LayerResult]:
        with self.lock:
            if self.holds != wanted:
                self.holds = None  # where the weights do not fit, they are half put in
                self.model.set_weights(_weights(wanted))
                self.holds = wanted
            return self.tracer.trace(image)


@st.cache_resource(max_entries=_MODELS, show_spinner=False)
def _bench(spec: Blocks) -> _Bench:
    return _Bench(spec)


def _weights(wanted: Chosen) -> list[np.ndarray]:
    if wanted.run is None:
        return saved.load_pretrained().get_weights()
    return wanted.run.weights(None if wanted.epoch == NEWEST else wanted.epoch)


@st.cache_resource(max_entries=_TRACES, show_spinner=False)
def trace(wanted: Chosen, split: str, index: int) -> dict[str, LayerResult]:
    """What every layer made of a digit, by layer name. Raises NetworkError or RunError."""
    return _bench(wanted.spec).trace(wanted, digit.image(split, index))
