"""The optimizers that a training may use: all that the project knows of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from words import N_

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class Optimizer:
    """One of `keras.optimizers`.

    title: its class there, which is also what people call it. says: what it does with a gradient, shown with `_`.
    parameters: fields of a TrainingSpec that it takes besides the learning rate, by Keras' names. slots: how many
    numbers it keeps for each weight.
    """

    title: str
    says: str
    parameters: tuple[str, ...] = ()
    slots: int = 1

    def build(self, learning_rate: float | keras.optimizers.schedules.LearningRateSchedule, **parameters: float):
        """The Keras optimizer. learning_rate: a number or a schedule; parameters: those that it takes."""
        import keras

        return getattr(keras.optimizers, self.title)(learning_rate, **parameters)

    def as_code(self, learning_rate: str, **parameters: float) -> str:
        """The same as code. learning_rate: as code, too."""
        given = "".join(f", {name}={value:g}" for name, value in parameters.items())
        return f"tf.keras.optimizers.{self.title}({learning_rate}{given})"


# by their names in settings and stored runs
OPTIMIZERS = {
    "sgd": Optimizer(
        "SGD", N_("the plain step, gradient × learning rate, with momentum from the steps before"), ("momentum",)
    ),
    "rmsprop": Optimizer("RMSprop", N_("divides each weight's step by the usual size of its gradient")),
    "adam": Optimizer("Adam", N_("RMSprop with momentum: the usual first choice"), slots=2),
}
