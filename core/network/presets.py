"""Networks that are there from the start: one of each kind of layer, Basic_CNN and its relatives, LeNet-5."""

from __future__ import annotations

from dataclasses import dataclass

from core.layers.activation import ACTIVATIONS
from core.layers.kinds import Activation, Conv2D, Dense, Dropout, Flatten, Pooling
from core.network.network import CLASSES, Network
from words import _

BASIC_CNN = "Basic_CNN"
# a thirtieth of its weights, for a class in which everybody trains
SMALL_CNN = "Small_CNN"
# from smallest to largest; beyond them a training on a small machine takes hours
LIMITS = {
    "blocks": (1, 3),
    "convolutions": (1, 3),
    "filters": (1, 128),
    "kernel_size": (1, 7),
    "dense_units": (1, 1024),
}
LARGEST_DROPOUT = 0.9


def one_of_each(
    conv2d: Conv2D = Conv2D(),
    activation: Activation = Activation(),
    pooling: Pooling = Pooling(),
    flatten: Flatten = Flatten(),
    dense: Dense = Dense(),
    dropout: Dropout = Dropout(),
    output: Dense = Dense(units=CLASSES, activation="softmax"),
) -> Network:
    """One layer of each kind in teaching order, its name that of the kind.

    `output` has one unit for each digit and softmax: ten values that sum to 1. (ReLU there, as some
    tutorials have it, would leave any number of classes at exactly 0 with no gradient to learn from.)
    """
    return Network(
        (
            ("conv2d", conv2d),
            ("activation", activation),
            ("pooling", pooling),
            ("flatten", flatten),
            ("dense", dense),
            ("dropout", dropout),
            ("output", output),
        ),
        "One_of_each",
    )


def lenet5() -> Network:
    """LeNet-5 (LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition", 1998).

    As it is usually built today: means instead of subsampling with weights of its own, every map of the second
    convolution reads all of the first, and softmax instead of the distances to drawn letters. 61,706 parameters.
    """
    return Network(
        (
            ("c1", Conv2D(6, (5, 5), padding="same", activation="tanh")),
            ("s2", Pooling("average")),
            ("c3", Conv2D(16, (5, 5), padding="valid", activation="tanh")),
            ("s4", Pooling("average")),
            ("c5", Conv2D(120, (5, 5), padding="valid", activation="tanh")),
            ("flatten", Flatten()),
            ("f6", Dense(84, "tanh")),
            ("output", Dense(CLASSES, "softmax")),
        ),
        "LeNet-5",
    ).seeded(0)


@dataclass(frozen=True)
class Blocks:
    """Blocks of convolutions, then a hidden Dense layer and ten units with softmax.

    `filters` has one entry a block. A block is `convolutions` times [Conv2D with same padding, activation], then
    MaxPool 2×2 and Dropout. The defaults are Basic_CNN.
    """

    filters: tuple[int, ...] = (32, 64)
    convolutions: int = 2
    kernel_size: int = 3
    activation: str = "relu"
    dense_units: int = 512
    dropout: float = 0.25

    def problem(self) -> str | None:
        """One sentence why this network is outside the limits, or None."""
        counts = {
            "blocks": len(self.filters),
            "convolutions": self.convolutions,
            "kernel_size": self.kernel_size,
            "dense_units": self.dense_units,
        }
        values = [*counts.items(), *(("filters", filters) for filters in self.filters)]
        for name, value in values:
            low, high = LIMITS[name]
            if not _is_count(value) or not low <= value <= high:
                return _(
                    "{name} must be a whole number from {low} to {high}, not {value}.",
                    name=name,
                    low=low,
                    high=high,
                    value=value,
                )
        if self.activation not in ACTIVATIONS:
            return _(
                "The activation must be one of {names}, not {name!r}.",
                names=", ".join(ACTIVATIONS),
                name=self.activation,
            )
        if not 0 <= self.dropout <= LARGEST_DROPOUT:
            return _("The dropout rate must be from 0 to {most}, not {rate}.", most=LARGEST_DROPOUT, rate=self.dropout)
        return None

    def network(self, seed: int = 0) -> Network:
        """The network itself, its start weights drawn from `seed`. Raises ValueError with the sentence of `problem`."""
        if problem := self.problem():
            raise ValueError(problem)
        return Network(tuple(self._layers()), _TITLES.get(self, Network.title)).seeded(seed)

    @classmethod
    def of(cls, network: Network) -> Blocks | None:
        """The blocks that give this network, whatever seeds its layers have; None where none do."""
        layers = [layer for _name, layer in network]
        convolutions = [layer for layer in layers if isinstance(layer, Conv2D)]
        pools = [at for at, layer in enumerate(layers) if isinstance(layer, Pooling)]
        drops = [layer for layer in layers if isinstance(layer, Dropout)]
        bends = [layer for layer in layers if isinstance(layer, Activation)]
        units = [layer for layer in layers if isinstance(layer, Dense)]
        if not (convolutions and pools and drops and bends and units):
            return None
        each = len(convolutions) // len(pools)
        made = cls(
            tuple(layer.filters for layer in convolutions[:: max(1, each)][: len(pools)]),
            each,
            convolutions[0].kernel_size[0],
            bends[0].activation,
            units[0].units,
            drops[0].rate,
        )
        if made.problem() or made.network().unseeded().layers != network.unseeded().layers:
            return None
        return made

    def _layers(self):
        for block, filters in enumerate(self.filters, 1):
            for i in range(1, self.convolutions + 1):
                yield f"block{block}_conv{i}", Conv2D(filters, (self.kernel_size,) * 2)
                yield f"block{block}_activation{i}", Activation(self.activation)
            yield f"block{block}_pool", Pooling()
            yield f"block{block}_dropout", Dropout(self.dropout, training=False)
        yield "flatten", Flatten()
        yield "dense", Dense(self.dense_units, "linear")
        yield "dense_activation", Activation(self.activation)
        yield "dense_dropout", Dropout(self.dropout, training=False)
        yield "output", Dense(CLASSES, "linear")
        yield "probabilities", Activation("softmax")

    @classmethod
    def from_dict(cls, values: dict) -> Blocks:
        """What runs from before networks had a text have on disk.

        Raises ValueError with one sentence where a value is missing, unknown or outside the limits.
        """
        try:
            spec = cls(**{**values, "filters": tuple(values["filters"])})
            problem = spec.problem()
        except (TypeError, KeyError) as error:
            raise ValueError(
                _("A stored network needs filters, kernel_size and so on; this one: {error}.", error=error)
            ) from error
        if problem:
            raise ValueError(problem)
        return spec


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_SMALL = Blocks(filters=(8, 16), convolutions=1, dense_units=64)
_TITLES = {Blocks(): BASIC_CNN, _SMALL: SMALL_CNN}

# by the name that stands for the whole network in its text
PRESETS = {
    "One_of_each": one_of_each(),
    BASIC_CNN: Blocks().network(),
    SMALL_CNN: _SMALL.network(),
    "LeNet-5": lenet5(),
}
