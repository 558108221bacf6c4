"""Which trained network a page shows: the shipped one or a run's, and at which epoch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

from core import mnist, network, runs
from core.network import NetworkSpec, Tracer
from core.pipeline import LayerResult
from ui import state

SHIPPED = "shipped"
NEWEST = -1

# A model of the default network weighs 7 MB, and a trace of one digit 1 MB of maps beside the shared weights.
_MODELS = 8
_TRACES = 32


def _known(key: str) -> None:
    if key != SHIPPED and runs.find(key) is None:
        raise ValueError("the shipped network or the id of a run on this machine")


state.declare(state.text("net", SHIPPED, _known, most=40), state.integer("net_epoch", NEWEST, NEWEST, 50))


@dataclass(frozen=True)
class Chosen:
    """A network that can be loaded. `epoch` is NEWEST or the number of an epoch; `stamp` changes with its file."""

    key: str
    epoch: int = NEWEST
    stamp: int = 0

    @property
    def run(self) -> runs.Run | None:
        """The run it comes from, None for the shipped network."""
        return None if self.key == SHIPPED else runs.Run(self.key)

    @property
    def name(self) -> str:
        """As people see it."""
        if self.run is None:
            return "Shipped network"
        return self.run.name if self.epoch == NEWEST else f"{self.run.name}, epoch {self.epoch}"

    @property
    def spec(self) -> NetworkSpec:
        """What it is built from. Raises RunError where the run is gone."""
        return NetworkSpec() if self.run is None else self.run.spec.network


def named(key: str, epoch: int = NEWEST) -> Chosen:
    """The network of this key; the shipped one where its run is gone or has no weights yet."""
    run = None if key == SHIPPED else runs.find(key)
    newest = run and run.newest()
    if not newest:
        return Chosen(SHIPPED, NEWEST, _stamp(network.FILE))
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
    return [SHIPPED, *(run.id for run in runs.listed() if run.newest())]


def choose(key: str = "net", label: str = "Network") -> Chosen:
    """The select box for a network."""
    options = keys()
    if state.get(key) not in options:
        st.session_state[key] = SHIPPED
    st.selectbox(
        label,
        options,
        key=key,
        format_func=lambda option: named(option).name,
        persist_state="session",
        on_change=state.publish,
        help="The shipped network, or any that was trained on the Train page.",
    )
    return chosen(key)


@st.cache_resource(max_entries=_MODELS, show_spinner=False)
def model(wanted: Chosen):
    """The Keras model. Raises NetworkError or RunError with one sentence."""
    if wanted.run is None:
        return network.load_pretrained()
    return wanted.run.model(None if wanted.epoch == NEWEST else wanted.epoch)


@st.cache_resource(max_entries=_MODELS, show_spinner=False)
def tracer(wanted: Chosen) -> Tracer:
    """The same network with the output of every layer."""
    return Tracer(model(wanted), wanted.spec)


@st.cache_resource(max_entries=_TRACES, show_spinner=False)
def trace(wanted: Chosen, split: str, index: int) -> dict[str, LayerResult]:
    """What every layer made of a digit of MNIST, by layer name."""
    return tracer(wanted).trace(mnist.sample(split, index).image)


@st.cache_resource(max_entries=_TRACES * 4, show_spinner=False)
def probabilities(wanted: Chosen, split: str, index: int) -> np.ndarray:
    """(10,) float32."""
    return trace(wanted, split, index)["probabilities"].outputs
