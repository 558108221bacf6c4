"""The loss of one image as a sum that a person can add up, for every loss that a training may use.

From the numbers before the last function, in float64: a probability below 1e-38 would be 0 in float32, and its
logarithm lost. Keras takes a loss from these numbers, too (see `core.network.output`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.training.spec import LOSSES

_YES_OR_NO = "binary_crossentropy"


@dataclass(frozen=True, eq=False)
class LossSum:
    """The loss of one image is the mean, or where `averaged` is False the sum, of `terms`.

    probabilities: float64 (10,), what the loss compares with the label: softmax of the logits, or each one's sigmoid.
    terms: float64 (10,): -ln p of the label, else 0; where each digit is a question of its own, -ln(1 - p) of all
    others.
    """

    label: int
    probabilities: np.ndarray
    terms: np.ndarray
    averaged: bool

    @property
    def total(self) -> float:
        """The loss."""
        return float(self.terms.mean() if self.averaged else self.terms.sum())

    @property
    def deltas(self) -> np.ndarray:
        """float64 (10,): the gradient of the loss in the logits, p - 1 of the label and p of all others, a tenth of it
        where the loss is a mean."""
        wrong = self.probabilities - (np.arange(len(self.terms)) == self.label)
        return wrong / len(wrong) if self.averaged else wrong


def loss_sum(logits: np.ndarray, label: int, loss: str) -> LossSum:
    """logits (10,); loss: one of `core.training.spec.LOSSES`. Raises ValueError for another one."""
    if loss not in LOSSES:
        raise ValueError(f"The loss must be one of {', '.join(LOSSES)}, not {loss!r}.")
    exact = logits.astype(np.float64)
    mine = np.arange(len(exact)) == label
    if loss == _YES_OR_NO:
        terms = np.where(mine, np.logaddexp(0, -exact), np.logaddexp(0, exact))
        return LossSum(label, np.exp(-np.logaddexp(0, -exact)), terms, True)
    top = exact.max()
    logarithms = exact - (top + np.log(np.exp(exact - top).sum()))
    return LossSum(label, np.exp(logarithms), np.where(mine, -logarithms, 0), False)
