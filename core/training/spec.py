"""What a training is: network, data, optimizer, loss, metrics and engine; checked, named and stored as JSON."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal
from functools import lru_cache

import words
from core.classes import keys
from core.network import notation, output
from core.network.network import Network
from core.network.presets import BASIC_CNN, PRESETS, Blocks
from core.training import cost
from core.training.optimizers import OPTIMIZERS
from words import N_, _

IMAGES = 60_000  # MNIST's training half: training and validation images both come from it
# What a network may end in under each loss. Keras takes a loss from the numbers before the last function, as if softmax
# had made the probabilities (sigmoid under binary_crossentropy), whichever did. So a network that ends in sigmoid would
# be trained for answers that it does not give. The other way round is allowed, as many tutorials have it: the largest
# of ten numbers is the largest behind either.
_ENDS = {
    "sparse_categorical_crossentropy": ("softmax",),
    "categorical_crossentropy": ("softmax",),
    "binary_crossentropy": ("softmax", "sigmoid"),
}
LOSSES = tuple(_ENDS)
METRICS = ("accuracy", "top_3_accuracy", "crossentropy")
SCHEDULES = ("constant", "cosine", "warmup")
WARM_UP = 0.1  # the share of all steps in which the rate rises, with the schedule "warmup"
ENGINES = ("fit", "loop")
AUGMENTATIONS = ("none", "light", "drawn")
PRECISIONS = ("auto", "float32", "mixed_bfloat16")
SEEDS = 10_000
LIMITS = {
    "epochs": (1, 50),
    "batch_size": (1, 512),
    "examples": (100, IMAGES - 100),
    "validation": (100, 10_000),
    "seed": (0, SEEDS - 1),
}
RATES = (1e-6, 10.0)
_NETWORKS = 256


@dataclass(frozen=True)
class TrainingSpec:
    """One training, frozen.

    The first `examples` images of MNIST's training half are trained on; the last `validation` images of the same
    half judge each epoch and are never trained on. `seed` draws the start weights and the order of images, whatever
    seeds the network's layers have. `momentum` is used by optimizers that take it. With the schedule "cosine" the
    learning rate falls from its value to 0 along half a cosine; with "warmup" it first rises to its value evenly, over
    the first tenth of all steps (Goyal et al., "Accurate, Large Minibatch SGD", 2017). `metrics` are measured beside
    the loss; accuracy always is. `class_drawings` is the key of a class (`core.classes.keys`), whose drawings take
    places among the training images (`core.classes.training_set`); "" of a training that sees MNIST alone.

    Batch size, rate and schedule of the defaults belong together: a batch of 128 uses the processor better than one
    of 32 but takes a quarter of the steps, which a constant 0.001 does not make up for in one epoch; larger steps do,
    where they begin and end small (`python -m bench.training`).
    """

    network: Network = PRESETS[BASIC_CNN]
    optimizer: str = "adam"
    learning_rate: float = 0.003
    schedule: str = "warmup"
    momentum: float = 0.9
    loss: str = "sparse_categorical_crossentropy"
    metrics: tuple[str, ...] = ("accuracy",)
    epochs: int = 3
    batch_size: int = 128
    examples: int = 10_000
    validation: int = 2_000
    seed: int = 0
    augmentation: str = "none"
    engine: str = "fit"
    precision: str = "auto"
    class_drawings: str = ""

    def problem(self) -> str | None:
        """One sentence why this cannot be trained, or None; what it would cost included."""
        if problem := self.mistake():
            return problem
        return cost.problem(self.network, self.batch_size, OPTIMIZERS[self.optimizer].slots)

    def mistake(self) -> str | None:
        """One sentence why this is no training on any machine, or None."""
        return self._out_of_range() or self._unknown() or _network_problem(self.network, self.loss, words.language())

    def _out_of_range(self) -> str | None:
        for name, (low, high) in LIMITS.items():
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
                return _(
                    "{name} must be a whole number from {low:,} to {high:,}, not {value}.",
                    name=name,
                    low=low,
                    high=high,
                    value=value,
                )
        if self.examples + self.validation > IMAGES:
            return _(
                "Training and validation images together can be at most {most:,}, not {examples:,} + {validation:,}.",
                most=IMAGES,
                examples=self.examples,
                validation=self.validation,
            )
        if not RATES[0] <= self.learning_rate <= RATES[1]:  # also catches nan
            return _(
                "The learning rate must be from {low:g} to {high:g}, not {rate}.",
                low=RATES[0],
                high=RATES[1],
                rate=self.learning_rate,
            )
        if not 0 <= self.momentum < 1:
            return _("The momentum must be from 0 to below 1, not {momentum}.", momentum=self.momentum)
        return None

    def _unknown(self) -> str | None:
        for name, options in (
            ("optimizer", tuple(OPTIMIZERS)),
            ("schedule", SCHEDULES),
            ("loss", LOSSES),
            ("engine", ENGINES),
            ("augmentation", AUGMENTATIONS),
            ("precision", PRECISIONS),
        ):
            if (value := getattr(self, name)) not in options:
                return _(
                    "{name} must be one of {options}, not {value!r}.",
                    name=name,
                    options=", ".join(options),
                    value=value,
                )
        if self.class_drawings != "" and not keys.is_key(self.class_drawings):
            return _("class_drawings must name a class, not {value!r}.", value=self.class_drawings)
        if unknown := set(self.metrics) - set(METRICS):
            return _(
                "metrics must be from {options}, not {unknown}.",
                options=", ".join(METRICS),
                unknown=", ".join(sorted(unknown)),
            )
        return None

    @property
    def seeded(self) -> Network:
        """The network with the start weights that `seed` draws: what is built and trained."""
        return self.network.seeded(self.seed)

    @property
    def optimizer_parameters(self) -> dict[str, float]:
        """What the optimizer takes besides its learning rate."""
        return {name: getattr(self, name) for name in OPTIMIZERS[self.optimizer].parameters}

    @property
    def measures(self) -> tuple[str, ...]:
        """The names of what each epoch measures: those of the validation last."""
        names = ("loss", *dict.fromkeys(("accuracy", *self.metrics)))
        return (*names, *(f"val_{name}" for name in names))

    @property
    def one_hot(self) -> bool:
        """Whether this loss wants labels as ten numbers, nine 0 and one 1, instead of one whole number."""
        return self.loss != "sparse_categorical_crossentropy"

    @property
    def batches(self) -> int:
        """Batches in one epoch; the last one may be smaller."""
        return -(-self.examples // self.batch_size)

    @property
    def warm_up_steps(self) -> int:
        """Steps in which the rate rises, with the schedule "warmup"; at least one follows, in which it falls."""
        steps = self.epochs * self.batches
        return min(max(1, round(WARM_UP * steps)), steps - 1)

    def title(self) -> str:
        """A short name that says what is most often changed."""
        optimizer = OPTIMIZERS[self.optimizer].title
        name = N_("{optimizer} {rate}, batch {batch_size}, {examples:,} images")
        if self.class_drawings:
            name = N_("{optimizer} {rate}, batch {batch_size}, {examples:,} with a class's")
        return _(
            name,
            optimizer=optimizer,
            rate=_plain(self.learning_rate),
            batch_size=self.batch_size,
            examples=self.examples,
        )

    def settings(self) -> dict[str, str]:
        """Every setting as text, the network as `notation.as_design` writes it: for tables that compare runs."""
        unused = {name for each in OPTIMIZERS.values() for name in each.parameters} - {*self.optimizer_parameters}
        values = {field.name: getattr(self, field.name) for field in fields(self) if field.name not in unused}
        return {name: _text(value) for name, value in values.items()}

    def as_dict(self) -> dict:
        """Plain JSON values; `from_dict` is the inverse."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {**values, "network": notation.as_text(self.network), "metrics": list(self.metrics)}

    @classmethod
    def from_dict(cls, values: dict) -> TrainingSpec:
        """Raises ValueError with one sentence where something is missing, unknown or out of range.

        What is too much for this machine is read all the same: it may have been trained on another.
        """
        try:
            network = _stored_network(values["network"])
            spec = cls(**{**values, "network": network, "metrics": tuple(values["metrics"])})
            problem = spec.mistake()
        except (TypeError, KeyError) as error:
            raise ValueError(
                _("A stored training needs a network, metrics and so on; this one: {error}.", error=error)
            ) from error
        if problem:
            raise ValueError(problem)
        return spec


# a page that lists runs reads the networks of all of them, in every run of its script
@lru_cache(maxsize=_NETWORKS)
def _network_problem(network: Network, loss: str, language: str) -> str | None:
    """language: that of the sentence."""
    if problem := network.problem() or output.problem(network, _ENDS[loss]):
        return problem
    if (length := len(notation.as_text(network))) > notation.LONGEST:
        return _(
            "A network as text has at most {most:,} characters, this one {length:,}.",
            most=notation.LONGEST,
            length=length,
        )
    return None


def _stored_network(value: str | dict) -> Network:
    """From its text, or from what older runs have. Raises ValueError, TypeError or KeyError."""
    return _parsed(value) if isinstance(value, str) else Blocks.from_dict(value).network()


@lru_cache(maxsize=_NETWORKS)
def _parsed(text: str) -> Network:
    return notation.parse(text)


def _text(value: object) -> str:
    if isinstance(value, Network):
        return notation.as_design(value)
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or _("none")
    return _plain(value) if isinstance(value, float) else str(value) or _("none")


def _plain(value: float) -> str:
    """As it is chosen on the page: not 1e-05, but 0.00001."""
    return f"{Decimal(f'{value:g}'):f}"
