"""What a training is: network, data, optimizer, loss, metrics and engine; checked, named and stored as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from core.network.presets import Blocks

IMAGES = 60_000  # MNIST's training half: training and validation images both come from it
OPTIMIZERS = ("sgd", "rmsprop", "adam")
LOSSES = ("sparse_categorical_crossentropy", "categorical_crossentropy", "binary_crossentropy")
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


@dataclass(frozen=True)
class TrainingSpec:
    """One training, frozen.

    The first `examples` images of MNIST's training half are trained on; the last `validation` images of the same
    half judge each epoch and are never trained on. `momentum` is used by SGD only. With the schedule "cosine" the
    learning rate falls from its value to 0 along half a cosine; with "warmup" it first rises to its value evenly, over
    the first tenth of all steps (Goyal et al., "Accurate, Large Minibatch SGD", 2017). `metrics` are measured beside
    the loss; accuracy always is.

    Batch size, rate and schedule of the defaults belong together: a batch of 128 uses the processor better than one
    of 32 but takes a quarter of the steps, which a constant 0.001 does not make up for in one epoch; larger steps do,
    where they begin and end small (`python -m bench.training`).
    """

    network: Blocks = Blocks()
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

    def problem(self) -> str | None:
        """One sentence why this cannot be trained, or None."""
        if problem := self.network.problem():
            return problem
        for name, (low, high) in LIMITS.items():
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
                return f"{name} must be a whole number from {low:,} to {high:,}, not {value}."
        if self.examples + self.validation > IMAGES:
            return (
                f"Training and validation images together can be at most {IMAGES:,}, "
                f"not {self.examples:,} + {self.validation:,}."
            )
        if not RATES[0] <= self.learning_rate <= RATES[1]:  # also catches nan
            return f"The learning rate must be from {RATES[0]:g} to {RATES[1]:g}, not {self.learning_rate}."
        if not 0 <= self.momentum < 1:
            return f"The momentum must be from 0 to below 1, not {self.momentum}."
        return self._unknown()

    def _unknown(self) -> str | None:
        for name, options in (
            ("optimizer", OPTIMIZERS),
            ("schedule", SCHEDULES),
            ("loss", LOSSES),
            ("engine", ENGINES),
            ("augmentation", AUGMENTATIONS),
            ("precision", PRECISIONS),
        ):
            if (value := getattr(self, name)) not in options:
                return f"{name} must be one of {', '.join(options)}, not {value!r}."
        if unknown := set(self.metrics) - set(METRICS):
            return f"metrics must be from {', '.join(METRICS)}, not {', '.join(sorted(unknown))}."
        return None

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
        names = {"sgd": "SGD", "rmsprop": "RMSprop", "adam": "Adam"}
        return f"{names[self.optimizer]} {self.learning_rate:g}, batch {self.batch_size}, {self.examples:,} images"

    def settings(self) -> dict[str, str]:
        """Every setting as text, the network's among them: for tables that compare runs."""
        own = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "network"}
        network = {field.name: getattr(self.network, field.name) for field in fields(self.network)}
        if self.optimizer != "sgd":
            del own["momentum"]
        return {name: _text(value) for name, value in (own | network).items()}

    def as_dict(self) -> dict:
        """Plain JSON values; `from_dict` is the inverse."""
        return {**asdict(self), "network": self.network.as_dict(), "metrics": list(self.metrics)}

    @classmethod
    def from_dict(cls, values: dict) -> TrainingSpec:
        """Raises ValueError with one sentence where something is missing, unknown or out of range."""
        try:
            network = Blocks.from_dict(values["network"])
            spec = cls(**{**values, "network": network, "metrics": tuple(values["metrics"])})
            problem = spec.problem()
        except (TypeError, KeyError) as error:
            raise ValueError(f"A stored training needs a network, metrics and so on; this one: {error}.") from error
        if problem:
            raise ValueError(problem)
        return spec


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)
