"""The settings of the full CNN, and the spec they make; the Network page edits it, the Train page trains it."""

from __future__ import annotations

from core.layers.activation import ACTIVATIONS
from core.network.presets import LARGEST_DROPOUT, LIMITS, Blocks
from ui.shared import state

PARTS = {"build": "Build it", "look": "Look inside"}
DEFAULT = Blocks()
MOST_BLOCKS = LIMITS["blocks"][1]
# of every block that the network may have, the third included that it does not have at first
_FILTERS = (*DEFAULT.filters, 64)
_LARGEST = Blocks(filters=(1,) * MOST_BLOCKS, convolutions=LIMITS["convolutions"][1])
# a link may name a layer of any network, the page shows the nearest one that the chosen network has
LAYERS = tuple(layer.name for layer in _LARGEST.layers())

state.declare(
    state.choice("cnn_part", "build", tuple(PARTS)),
    state.integer("cnn_blocks", len(DEFAULT.filters), *LIMITS["blocks"]),
    *(state.integer(f"cnn_filters_{i}", filters, *LIMITS["filters"]) for i, filters in enumerate(_FILTERS, 1)),
    state.integer("cnn_convolutions", DEFAULT.convolutions, *LIMITS["convolutions"]),
    state.integer("cnn_kernel_size", DEFAULT.kernel_size, *LIMITS["kernel_size"]),
    state.choice("cnn_activation", DEFAULT.activation, ACTIVATIONS),
    state.integer("cnn_dense_units", DEFAULT.dense_units, *LIMITS["dense_units"]),
    state.number("cnn_dropout", DEFAULT.dropout, 0.0, LARGEST_DROPOUT, 0.05),
    # looking into a trained one
    state.choice("look_layer", "block1_conv2", LAYERS),
    state.integer("look_map", 0, 0, LIMITS["filters"][1] - 1),
    state.integer("look_channel", 0, 0, LIMITS["filters"][1] - 1),
    state.integer("look_row", 8, 0, 27),
    state.integer("look_col", 12, 0, 27),
    state.integer("look_unit", 0, 0, LIMITS["dense_units"][1] - 1),
)


def network_spec() -> Blocks:
    """The network as it is set now."""
    blocks = state.get("cnn_blocks")
    return Blocks(
        filters=tuple(state.get(f"cnn_filters_{i}") for i in range(1, blocks + 1)),
        convolutions=state.get("cnn_convolutions"),
        kernel_size=state.get("cnn_kernel_size"),
        activation=state.get("cnn_activation"),
        dense_units=state.get("cnn_dense_units"),
        dropout=state.get("cnn_dropout"),
    )
