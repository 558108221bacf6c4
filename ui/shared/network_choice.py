"""The choice of the network, and of the epoch where its run has kept several; in the sidebar of every page."""

from __future__ import annotations

import streamlit as st

from ui.shared import controls, networks, state
from ui.shared.networks import NEWEST, Chosen

_BOX = "network_box"


def sidebar() -> None:
    """A select box for the network, and a slider where its run has kept several epochs."""
    wanted = networks.chosen()
    names = _names(wanted)
    # The box has a value of its own: where nobody has chosen, the setting says nothing, and the page decides.
    if st.session_state.get(_BOX) != wanted.key:
        st.session_state[_BOX] = wanted.key
    st.selectbox(
        "Network",
        list(names),
        list(names).index(wanted.key),
        key=_BOX,
        format_func=lambda key: names.get(key, key),
        help="All pages show this one: its layers, its weights, its answers. Change a layer, and it becomes your own.",
        on_change=_chosen,
    )
    epochs = wanted.run.saved_epochs() if wanted.run else []
    if len(epochs) > 1:
        help = "The weights as they were after this epoch of the training; start: before the first."
        controls.pick("net_epoch", "Epoch", [*epochs, NEWEST], _name, help, otherwise=NEWEST, widget=st.select_slider)


def _names(wanted: Chosen) -> dict[str, str]:
    """Every network that can be chosen, by key. No two look alike: a browser tells them apart by what it shows."""
    keys = [key for key in networks.offered() if key == wanted.key or not (wanted.design and Chosen(key).design)]
    if wanted.key not in keys:
        keys.insert(2, wanted.key)
    names: dict[str, str] = {}
    for key in keys:
        name = networks.named(key).label if key != wanted.key else Chosen(key).label
        names[key] = name if name not in names.values() else f"{name} ({key})"
    return names


def _chosen() -> None:
    state.put({"net": networks.setting_of(st.session_state[_BOX])})


def _name(epoch: int) -> str:
    return {NEWEST: "newest", 0: "start"}.get(epoch, str(epoch))
