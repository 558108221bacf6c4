"""The settings of the Network page: blocks of convolutions as sliders, and the text that is being typed."""

from __future__ import annotations

from dataclasses import replace

from core.layers.activation import ACTIVATIONS
from core.network.presets import LARGEST_DROPOUT, LIMITS, Blocks
from ui.shared import networks, state

DEFAULT = Blocks()
# of every block that the network may have, the third included that it does not have at first
_FILTERS = (*DEFAULT.filters, 64)


def changed() -> None:
    """A slider's callback: the network that they say is the network of all pages."""
    networks.choose_design(blocks().network())


def _part(param: state.Param) -> state.Param:
    """The network's text has it."""
    return replace(param, carried=False, on_change=changed)


_PARAMS = (
    state.integer("cnn_blocks", len(DEFAULT.filters), *LIMITS["blocks"]),
    *(state.integer(f"cnn_filters_{i}", filters, *LIMITS["filters"]) for i, filters in enumerate(_FILTERS, 1)),
    state.integer("cnn_convolutions", DEFAULT.convolutions, *LIMITS["convolutions"]),
    state.integer("cnn_kernel_size", DEFAULT.kernel_size, *LIMITS["kernel_size"]),
    state.choice("cnn_activation", DEFAULT.activation, ACTIVATIONS),
    state.integer("cnn_dense_units", DEFAULT.dense_units, *LIMITS["dense_units"]),
    state.number("cnn_dropout", DEFAULT.dropout, 0.0, LARGEST_DROPOUT, 0.05),
)
KEYS = tuple(param.key for param in _PARAMS)
state.declare(*map(_part, _PARAMS))


def blocks() -> Blocks:
    """The network that the sliders say."""
    return Blocks(
        filters=tuple(state.get(f"cnn_filters_{i}") for i in range(1, state.get("cnn_blocks") + 1)),
        convolutions=state.get("cnn_convolutions"),
        kernel_size=state.get("cnn_kernel_size"),
        activation=state.get("cnn_activation"),
        dense_units=state.get("cnn_dense_units"),
        dropout=state.get("cnn_dropout"),
    )


def values(of: Blocks) -> dict[str, state.Value]:
    """The sliders that say this network."""
    return {
        "cnn_blocks": len(of.filters),
        **{f"cnn_filters_{i}": filters for i, filters in enumerate(of.filters, 1)},
        "cnn_convolutions": of.convolutions,
        "cnn_kernel_size": of.kernel_size,
        "cnn_activation": of.activation,
        "cnn_dense_units": of.dense_units,
        "cnn_dropout": of.dropout,
    }
