"""The choice of a trained network with its epoch; the Network and the Conv2D page share it."""

from __future__ import annotations

import streamlit as st

from ui.shared import controls, networks
from ui.shared.networks import NEWEST, Chosen


def choose() -> Chosen:
    """A select box for the network, and a slider where its run has kept several epochs."""
    wanted = networks.choose()
    epochs = wanted.run.saved_epochs() if wanted.run else []
    if len(epochs) < 2:
        return wanted
    help = "The weights as they were after this epoch of the training; start: before the first."
    controls.pick("net_epoch", "Epoch", [*epochs, NEWEST], _name, help, otherwise=NEWEST, widget=st.select_slider)
    return networks.chosen()


def _name(epoch: int) -> str:
    return {NEWEST: "newest", 0: "start"}.get(epoch, str(epoch))
