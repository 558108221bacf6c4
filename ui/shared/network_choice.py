"""The choice of the network, and of the epoch where its run has kept several; in the sidebar of every page."""

from __future__ import annotations

import streamlit as st

from ui.shared import hidden, networks, rounds, state
from ui.shared.networks import Chosen
from words import _

_BOX = "network_box"
_EPOCH = "epoch_box"
_OWN = "own"


def sidebar() -> None:
    """A select box for the network, and a slider where its run has kept several epochs."""
    if hidden.hides("net", _("Network")):
        return
    wanted = networks.chosen()
    names = {_held(key): name for key, name in _names(wanted).items()}
    # The box has a value of its own: where nobody has chosen, the setting says nothing, and the page decides.
    key = rounds.showing(_BOX, _held(wanted.key))
    st.selectbox(
        _("Network"),
        list(names),
        list(names).index(_held(wanted.key)),
        key=key,
        format_func=lambda held: names.get(held, held),
        help=_(
            "All pages show this one: its layers, its weights, its answers. Change a layer, and it becomes your own."
        ),
        on_change=_chosen,
        args=(key,),
    )
    if epochs := networks.epochs(wanted):
        _epoch(epochs, wanted.epoch)


def shown() -> tuple[object, ...]:
    """What the sidebar's choice shows; it is drawn anew where this has changed."""
    wanted = networks.chosen()
    return _held(wanted.key), wanted.epoch, tuple(networks.epochs(wanted)), tuple(_names(wanted).values())


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


def _held(key: str) -> str:
    """What the box holds for a network: one word for all designs, so that it stays the same box while one changes."""
    return _OWN if Chosen(key).design else key


def _chosen(key: str) -> None:
    if key != rounds.key(_BOX):
        return  # Streamlit calls back for boxes that are gone, too
    held = st.session_state[key]
    state.put({"net": networks.setting_of(networks.own_design() if held == _OWN else held)})


def _epoch(epochs: list[int], at: int) -> None:
    """Home has a slider of its own for it, so that this one may show what is changed elsewhere."""
    if state.get("net_epoch") != at:
        st.session_state["net_epoch"] = at  # one that this run does not have
    key = rounds.showing(_EPOCH, at)
    st.select_slider(
        _("Epoch"),
        epochs,
        at,
        key=key,
        format_func=networks.epoch_name,
        help=_("The weights as they were after this epoch of the training; start: before the first."),
        on_change=_epoch_chosen,
        args=(key,),
    )


def _epoch_chosen(key: str) -> None:
    if key == rounds.key(_EPOCH):
        state.put({"net_epoch": st.session_state[key]})
