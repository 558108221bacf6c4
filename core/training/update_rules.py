"""What SGD and Adam make of a gradient, in numpy: the formulas of `keras.optimizers`, held to them by tests.

All take arrays as well as single numbers, and keep their dtype.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

# Keras' own values of Adam
BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-7
RULES = ("sgd", "adam")

Values = TypeVar("Values", np.ndarray, float)


def sgd(weight: Values, gradient: Values, rate: float) -> Values:
    """The new weight: weight - rate · gradient."""
    return weight - rate * gradient


@dataclass(frozen=True, eq=False)
class Moments(Generic[Values]):
    """Adam's memory of a weight: m, a running mean of its gradients, and v, one of their squares; both start at 0."""

    m: Values
    v: Values

    def next(self, gradient: Values) -> Moments[Values]:
        """With one more gradient: m = 0.9 · m + 0.1 · g, v = 0.999 · v + 0.001 · g²."""
        m = self.m + (gradient - self.m) * (1 - BETA_1)
        v = self.v + (gradient * gradient - self.v) * (1 - BETA_2)
        return Moments(m, v)


@dataclass(frozen=True, eq=False)
class AdamChange(Generic[Values]):
    """What Adam's step number `step`, from 1, takes away from a weight. moments: this step's gradient is in them.

    Kingma and Ba, "Adam: a method for stochastic optimization" (2015). m̂ = m / (1 - 0.9^t) and v̂ = v / (1 - 0.999^t)
    undo that both began at 0. Keras computes the form at the end of the paper's section 2, in which ε stands beside √v
    as it is, not beside √v̂: in the form with m̂ and v̂ it is ε / √(1 - 0.999^t), 32 times as much in the first step.
    """

    moments: Moments[Values]
    step: int
    rate: float

    @property
    def m_hat(self) -> Values:
        """m, corrected for its start at 0."""
        return self.moments.m / (1 - BETA_1**self.step)

    @property
    def v_hat(self) -> Values:
        """v, corrected for its start at 0."""
        return self.moments.v / (1 - BETA_2**self.step)

    @property
    def epsilon(self) -> float:
        """What keeps the divisor from 0, beside √v̂."""
        return EPSILON / float(np.sqrt(1 - BETA_2**self.step))

    @property
    def amount(self) -> Values:
        """rate · m̂ / (√v̂ + epsilon), computed as Keras does."""
        alpha = self.rate * float(np.sqrt(1 - BETA_2**self.step)) / (1 - BETA_1**self.step)
        return self.moments.m * alpha / (np.sqrt(self.moments.v) + EPSILON)
