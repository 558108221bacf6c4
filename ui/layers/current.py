"""The layer that a page shows: one of the current network's, with its real input, weights and output."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.data import mnist
from core.layers.kinds import Flatten
from core.layers.layer import Layer
from core.network.activations import LayerResult
from core.network.network import Network, NetworkError, Stage
from ui.layers import cached
from ui.shared import digit, models, networks, state
from ui.shared.networks import Chosen
from words import N_, _

# what the image's values run from and to, where the first layer receives them
PIXELS = {"0-1": N_("0 to 1"), "0-255": N_("0 to 255")}
_BEFORE = "_network_before"
DAMAGED = N_("The weights of this network should fit its layers, and do not: a file is damaged.")


def _no_check(name: str) -> None:
    """A layer that the network does not have gives way to the nearest one."""


state.declare(
    state.text("layer", "", _no_check, most=40),
    state.choice("conv_pixels", "0-1", tuple(PIXELS)),
)


@dataclass(frozen=True, eq=False)
class View:
    """A layer at its place, and what it did to the digit. `stage.spec` is the layer as the network has it,
    `result.spec` the layer as it is called on its page. before: the stage that gives its input, None at the start.
    dimmed: what is set now cannot be; this is what could last."""

    chosen: Chosen
    network: Network
    stage: Stage
    before: Stage | None
    result: LayerResult
    dimmed: bool = False

    @property
    def key(self) -> str:
        """Says which numbers these are, for caches."""
        sample = digit.current()
        return f"{self.chosen} {self.stage.name} {sample.split} {sample.index} {scaled()}"

    @property
    def maps_shape(self) -> tuple[int, ...] | None:
        """(height, width, channels) of the maps that Flatten made the input of, None where it was not Flatten."""
        before = self.before
        flattened = before is not None and isinstance(before.spec, Flatten) and len(before.input_shape) == 3
        return before.input_shape if flattened else None

    def with_layer(self, layer: Layer) -> LayerResult:
        """What another layer makes of the same input."""
        return cached.on_input(self.key, layer, self.result.inputs)


def scaled() -> bool:
    """Whether the image is divided by 255 before the first layer."""
    return state.get("conv_pixels") == "0-1"


@dataclass(frozen=True)
class Place:
    """What a layer page shows: the layer `name` of a network. added: the network has no layer of this kind, and the
    page shows it with one put in."""

    chosen: Chosen
    name: str
    added: bool = False

    @property
    def layer(self) -> Layer:
        """As the network has it."""
        return self.chosen.network[self.name]

    @property
    def stage(self) -> Stage | None:
        """With its shapes; None where the digit does not get as far."""
        return next((stage for stage in self.chosen.network.trace() if stage.name == self.name), None)


def place(kind: type[Layer], chosen: Chosen, wanted: str | None = None) -> Place:
    """The layer of this kind that is looked at: the one that is `wanted`, by itself that of the address, else the
    nearest behind it, else the nearest before it."""
    wanted = state.get("layer") if wanted is None else wanted
    if name := _nearest(kind, chosen.network, wanted):
        return Place(chosen, name)
    # learned weights do not know the new layer, so it is shown among random ones
    base = networks.parsed(networks.ONE_OF_EACH) if chosen.trained else chosen.network
    network = _with_one(kind, base)
    return Place(Chosen(networks.key_of(network)), _nearest(kind, network, wanted), added=True)


def _nearest(kind: type[Layer], network: Network, wanted: str) -> str | None:
    names = network.names
    here = names.index(wanted) if wanted in names else 0
    places = [at for at, (_name, layer) in enumerate(network) if isinstance(layer, kind)]
    return names[next((at for at in places if at >= here), places[-1])] if places else None


def _with_one(kind: type[Layer], network: Network) -> Network:
    """The network with a layer of this kind behind its first one, or, where the kind makes maps a row, behind the last
    that gives maps; at the end where it fits nowhere."""
    layer = kind().at_rest()
    fits = [
        at
        for at, stage in enumerate(network.trace(), 1)
        if stage.output_shape and not layer.problem(stage.output_shape)
    ]
    shortens = [
        at for at in fits if len(layer.output_shape(shape := network.trace()[at - 1].output_shape)) < len(shape)
    ]
    return network.inserted([*shortens[-1:], *fits[:1], len(network)][0], layer)


def view(stage: Stage, chosen: Chosen, seen: Layer) -> View:
    """What the layer at `stage`, called as `seen`, did to the digit of the page.

    Raises NetworkError or RunError with one sentence.
    """
    network = chosen.network
    at = network.names.index(stage.name)
    before = network.trace()[at - 1] if at else None
    return View(chosen, network, stage, before, result(chosen, stage.name, seen, scaled()))


def result(chosen: Chosen, name: str, seen: Layer, in_scale: bool, sample: mnist.Sample | None = None) -> LayerResult:
    """What the layer of this name does to the digit of the page, or to `sample`, called as `seen`; in_scale: see
    `activations.as_input`.

    Raises NetworkError or RunError with one sentence.
    """
    sample, network = sample or digit.current(), chosen.network
    if not chosen.trained:
        return cached.result((*network.upto(name)[:-1], seen), sample.split, sample.index, in_scale)
    found = _results(chosen, in_scale, sample)[name]
    if seen == network[name]:
        return found
    key = f"{chosen} {name} {sample.split} {sample.index} {in_scale}"
    return cached.on_input(key, seen, found.inputs, found.weights)


def outputs(chosen: Chosen) -> dict[str, np.ndarray]:
    """What every layer gives for the digit, at rest, by name, as far as the digit gets. Raises as `result` does."""
    stages = [stage for stage in chosen.network.trace() if not stage.problem]
    if chosen.trained:
        found = _results(chosen, scaled(), digit.current())
        return {stage.name: found[stage.name].outputs for stage in stages}
    return {stage.name: result(chosen, stage.name, stage.spec.at_rest(), scaled()).outputs for stage in stages}


def _results(chosen: Chosen, in_scale: bool, sample: mnist.Sample) -> dict[str, LayerResult]:
    try:
        results = models.trace(chosen, sample.split, sample.index, in_scale)
    except ValueError as error:  # Keras' words for weights of another shape
        raise NetworkError(_(DAMAGED)) from error
    if broken := next((name for name, result in results.items() if not np.isfinite(result.outputs).all()), None):
        raise NetworkError(
            _("Every layer should give numbers, and {broken} gives NaN or infinity: it diverged.", broken=broken)
        )
    return results


def edit(chosen: Chosen, network: Network, layer: str | None = None) -> None:
    """A callback: what somebody made of the chosen network becomes the network of all pages. Where it was a trained
    one, `go_back` returns to it. layer: the name of the one to look at."""
    if chosen.trained:
        st.session_state[_BEFORE] = (chosen.key, chosen.epoch)
    elif not chosen.design:  # what one was made from before has nothing to do with this one
        st.session_state.pop(_BEFORE, None)
    networks.choose_design(network, layer)


def trained_before() -> Chosen | None:
    """The trained network that the design on screen was made from, None where it was made from nothing."""
    key, epoch = st.session_state.get(_BEFORE, (None, None))
    return networks.named(key, epoch) if key and networks.chosen().design else None


def go_back() -> None:
    """A callback: the trained network is the network of all pages again."""
    key, epoch = st.session_state.pop(_BEFORE)
    state.put({"net": key, "net_epoch": epoch})
