"""A pinned picture: what a layer did to a digit, kept beside what is on the page now.

Two settings, two epochs, random and trained weights, two digits: whatever differs, both stand side by side. The address
holds the pinned one as it holds the other.
"""

from __future__ import annotations

import urllib.parse
from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.network.activations import LayerResult
from core.network.network import NetworkError
from core.runs.folders import RunError
from core.tensors import statistics
from ui.layers import current, faces
from ui.layers.current import View
from ui.shared import aloud, digit, networks, pictures, state, text, theme
from ui.shared.networks import Chosen
from viz import palette, walls
from words import _

_SIDE = 300
_FIELDS = ("net", "net_epoch", "layer", "split", "index", "drawn", "pixels")


@dataclass(frozen=True)
class Pin:
    """What makes a picture: network, layer and digit, as settings say them."""

    net: str
    net_epoch: int
    layer: str
    split: str
    index: int
    drawn: str
    pixels: str

    def as_text(self) -> str:
        """For the address; `read` is the inverse."""
        return urllib.parse.urlencode({key: getattr(self, key) for key in _FIELDS})


def _read(said: str) -> Pin:
    """Raises ValueError."""
    found = dict(urllib.parse.parse_qsl(said, keep_blank_values=True))
    if set(found) != set(_FIELDS):
        raise ValueError(_("a picture that was pinned (network, layer, digit)"))
    values: dict = {}
    for key in _FIELDS:
        param = state.PARAMS["conv_pixels" if key == "pixels" else key]
        try:
            values[key] = param.read(found[key])
        except ValueError as error:
            raise ValueError(
                _("a picture that was pinned; its {key} should be {error}", key=key, error=error)
            ) from error
    return Pin(**values)


def _check(said: str) -> None:
    if said:
        _read(said)


state.declare(state.text("pin", "", _check, most=networks.MOST_TEXT))


def button(view: View) -> None:
    """Pins what is on the page, or lets it go: one button, so that it keeps the focus."""
    pinned = bool(state.get("pin"))
    st.button(
        _("Unpin") if pinned else _("Pin picture"),
        icon=":material/keep_off:" if pinned else ":material/keep:",
        key="pin_turn",
        on_click=_turn,
        args=("" if pinned else _pin(view).as_text(),),
        help=_("It stays beside what comes: another setting, another epoch, trained weights, another digit."),
    )


def _pin(view: View) -> Pin:
    sample = digit.current()
    drawn = state.get("drawn") if sample.split == digit.DRAWN else ""
    # by its key, so that the pin stays what it is when another page has another default
    return Pin(
        view.chosen.key,
        view.chosen.epoch,
        view.stage.name,
        state.get("split"),
        state.get("index"),
        drawn,
        state.get("conv_pixels"),
    )


def _turn(said: str) -> None:
    state.put({"pin": said})
    aloud.say(_("The picture is pinned: it stands below beside what comes.") if said else _("Nothing is pinned."))


def show(view: View) -> None:
    """The pinned output beside that of the page, in the same colours."""
    aloud.show("pin_turn")
    if not state.get("pin"):
        return
    pin = _read(state.get("pin"))
    chosen = networks.named(pin.net, pin.net_epoch)
    try:
        pinned = _result(pin, chosen, state.get)
    except (NetworkError, RunError) as error:
        st.error(_("What was pinned cannot be shown any more. {error}", error=error))
        return
    with st.container(border=True):
        left, right = st.columns(2, gap="medium")
        with left:
            _side(_("Pinned"), pin.layer, chosen, pinned, view.result)
        with right:
            _side(_("Now"), view.stage.name, view.chosen, view.result, pinned)
        if pinned.outputs.shape == view.result.outputs.shape:
            largest = float(np.abs(pinned.outputs - view.result.outputs).max())
            st.caption(
                _("The largest difference between two values at the same place: {number}.", number=text.number(largest))
            )


def result(said: str, get: state.Get) -> LayerResult:
    """What the pinned text says a layer did. get: gives the other settings. Raises NetworkError or RunError."""
    pin = _read(said)
    return _result(pin, networks.named(pin.net, pin.net_epoch), get)


def _result(pin: Pin, chosen: Chosen, get: state.Get) -> LayerResult:
    if pin.layer not in chosen.network.names:
        raise NetworkError(_("{network} has no layer {layer}.", network=chosen.name, layer=pin.layer))
    layer = chosen.network[pin.layer]
    sample = digit.sample(pin.split, pin.index, pin.drawn)
    return current.result(chosen, pin.layer, faces.of(layer).seen(layer, get), pin.pixels == "0-1", sample)


def _side(title: str, layer: str, chosen: Chosen, result: LayerResult, other: LayerResult) -> None:
    st.markdown(_("**{title}**: `{layer}` of {network}", title=title, layer=layer, network=chosen.name))
    # one range for both, so that the same colour is the same number
    span = palette.symmetric(np.concatenate([result.outputs.ravel(), other.outputs.ravel()]), "both")
    alt = _("{title}: output of {layer}", title=title, layer=layer)
    pictures.show(_picture(result.outputs, span), width=_SIDE, alt=alt)
    values = statistics.summary(result.outputs)
    st.caption(
        _(
            "{shape}, min {minimum}, max {maximum}, mean {mean}, {zeros:.0%} zeros. {colours}.",
            shape=text.shape(result.outputs.shape),
            minimum=text.number(values.minimum),
            maximum=text.number(values.maximum),
            mean=text.number(values.mean),
            zeros=values.zeros,
            colours=text.colours(span.low, span.high),
        )
    )


def _picture(outputs: np.ndarray, span: palette.Range):
    if outputs.ndim == 1:
        side = int(np.ceil(np.sqrt(outputs.size)))
        padded = np.zeros(side * side, np.float32)
        padded[: outputs.size] = outputs
        maps = padded.reshape(side, side, 1)
    else:
        maps = outputs
    columns = int(np.ceil(np.sqrt(maps.shape[2])))
    return walls.wall(maps, theme.kind(), scale=max(1, _SIDE // (columns * maps.shape[1])), span=span)
