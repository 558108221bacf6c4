"""What one training step costs, estimated from shapes before anything is built, and where that is too much."""

from __future__ import annotations

from core.network.network import FLOAT_BYTES, Network
from words import _

MOST_BYTES = 4 * 2**30
# a step cannot be broken off: Pause and Stop wait for its end
MOST_SECONDS = 60
# additions and multiplications in a second: less than half of what two cores of a server do, and a slow laptop's pace
_PACE = 50e9


def step_bytes(network: Network, batch_size: int, slots: int) -> int:
    """Memory of one step in float32: what each layer gives for each image and the gradient of it, and for each weight
    its gradient and the `slots` numbers that the optimizer keeps."""
    stages = network.stages()
    values = sum(stage.values for stage in stages)
    return FLOAT_BYTES * (2 * batch_size * values + (2 + slots) * network.parameter_count())


def step_seconds(network: Network, batch_size: int) -> float:
    """Time of one step on a small machine. A multiplication and an addition each, once forward and twice back: for the
    gradient of the weights and for that of the inputs. What only moves numbers, such as an activation or a pooling, is
    left out: the memory that it needs is what ends its growth."""
    return 2 * 3 * batch_size * sum(stage.multiply_adds for stage in network.stages()) / _PACE


def problem(network: Network, batch_size: int, slots: int) -> str | None:
    """One sentence why a step of this network is too much for a small machine, or None."""
    if (needed := step_bytes(network, batch_size, slots)) > MOST_BYTES:
        return _(
            "A training step may take {most} GB of memory here, and one of this network with {batch_size} "
            "images takes about {needed:,.0f}: a smaller batch or smaller maps would fit.",
            most=MOST_BYTES >> 30,
            batch_size=batch_size,
            needed=needed / 2**30,
        )
    if (seconds := step_seconds(network, batch_size)) > MOST_SECONDS:
        return _(
            "A training step may take {most} seconds on two cores, and one of this network with {batch_size} "
            "images takes about {seconds:,.0f}: a smaller batch, or fewer and smaller kernels, would be quicker.",
            most=MOST_SECONDS,
            batch_size=batch_size,
            seconds=seconds,
        )
    return None
