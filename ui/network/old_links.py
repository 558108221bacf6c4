"""Links from before networks had a text: `?conv_filters=4` or `?cnn_blocks=3` still show what they showed."""

from __future__ import annotations

from core.network.network import Network
from ui.layers import face, faces
from ui.network import settings
from ui.shared import navigation, networks, state


def adopt(foreign: set[str]) -> None:
    """The settings of these keys are in the session, and no longer in any link: they become the network's text."""
    if foreign and state.get("net") == networks.PAGES_DEFAULT:
        networks.adopt_design(settings.blocks().network() if foreign & set(settings.KEYS) else _one_of_each())


def _one_of_each() -> Network:
    network = networks.parsed(networks.ONE_OF_EACH)
    for name, layer in network:
        own = faces.of(layer)
        if name == navigation.key_of_kind(own.kind):
            network = network.replaced(name, face.read(own, layer))
    return network
