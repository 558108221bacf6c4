"""BatchNormalization: every channel is moved and scaled to mean 0 and variance 1, then to what was learned."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.layers.arithmetic import Arithmetic
from core.layers.layer import Layer, Shape, Share
from core.layers.weight_use import CellSum, Place, WeightUse
from words import _


@dataclass(frozen=True)
class BatchNormalization(Layer):
    """A `keras.layers.BatchNormalization` of the last axis, called with `training` as chosen.

    Ioffe and Szegedy, "Batch normalization: accelerating deep network training by reducing internal covariate shift"
    (2015). While training, mean and variance of a channel are those of the batch: where one image is the batch, of its
    own pixels. Otherwise they are the moving ones, to which each training batch adds its share, 1 - `momentum`.
    """

    momentum: Share = 0.99
    epsilon: float = 0.001
    center: bool = True
    scale: bool = True
    training: bool = False

    defaults = {"momentum": 0.99, "epsilon": 0.001, "center": True, "scale": True}
    own_defaults = {"training": False}
    fixed = {"axis": -1, "synchronized": False, "renorm": False, "renorm_momentum": 0.99}
    limits = {"momentum": (0, 1), "epsilon": (1e-7, 1)}
    words = {"BatchNormalization": {}}

    def config(self) -> dict[str, object]:
        """Momentum, epsilon, and whether there is a beta (center) and a gamma (scale)."""
        return {"momentum": self.momentum, "epsilon": self.epsilon, "center": self.center, "scale": self.scale}

    def weight_names(self, shape: Shape) -> tuple[str, ...]:
        """gamma and beta are learned, the moving statistics collected."""
        return (*["gamma"] * self.scale, *["beta"] * self.center, "moving_mean", "moving_variance")

    def weights_in_words(self, shape: Shape) -> str:
        """A number of each name for each channel."""
        names = _(" and ").join(self.weight_names(shape))
        return _("{names} for each of {channels:,} channels", names=names, channels=shape[-1])

    def weight_shapes(self, shape: Shape) -> list[Shape]:
        """(channels,) each."""
        return [(shape[-1],)] * len(self.weight_names(shape))

    def multiply_adds(self, shape: Shape) -> int:
        """One for every value: what a channel is divided by and multiplied with is one number for all of it."""
        return math.prod(shape)

    def arithmetic(self, shape: Shape, weights: Sequence[np.ndarray] = ()) -> Arithmetic:
        """At rest all that was learned and collected comes down to a factor and a shift a channel."""
        named = {name: array.astype(np.float64) for name, array in zip(self.weight_names(shape), weights, strict=True)}
        factor = named.get("gamma", 1.0) / np.sqrt(named["moving_variance"] + self.epsilon)
        shift = named.get("beta", 0.0) - named["moving_mean"] * factor
        return Arithmetic("scaling", arrays={"factor": factor.astype(np.float32), "shift": shift.astype(np.float32)})

    def weight_use(
        self, name: str, position: int, inputs: np.ndarray, weights: Sequence[np.ndarray]
    ) -> WeightUse | None:
        """gamma multiplies every normalized value of its channel, beta is added to each; the moving statistics are
        collected, not learned, and have no gradient."""
        if name not in ("gamma", "beta"):
            return None
        named = dict(zip(self.weight_names(inputs.shape), weights, strict=True))
        moved = inputs[..., position].astype(np.float64) - named["moving_mean"][position]
        normalized = moved / np.sqrt(float(named["moving_variance"][position]) + self.epsilon)
        gamma = float(named["gamma"][position]) if self.scale else 1.0
        beta = float(named["beta"][position]) if self.center else 0.0

        def of_gamma(place: Place) -> CellSum:
            return CellSum(gamma * float(normalized[place]), (("beta", beta),) if self.center else ())

        def of_beta(place: Place) -> CellSum:
            scaled = _("gamma · the normalized input") if self.scale else _("the normalized input")
            return CellSum(beta, ((scaled, gamma * float(normalized[place])),))

        if name == "gamma":
            return WeightUse(position, normalized, _("normalized input"), of_gamma)
        return WeightUse(position, np.ones(normalized.shape), "1", of_beta)

    def at_rest(self) -> BatchNormalization:
        """With the moving statistics."""
        return replace(self, training=False)

    def call_arguments(self) -> dict[str, object]:
        """Keras takes the moving statistics unless it is told that this is training."""
        return {"training": self.training}


@dataclass(frozen=True, eq=False)
class NormalizationStep:
    """normalized = (value - mean) / deviation, deviation = √(variance + epsilon); total = gamma · normalized + beta.

    gamma is 1 and beta 0 where the layer has none.
    """

    value: float
    mean: float
    variance: float
    deviation: float
    normalized: float
    gamma: float
    beta: float
    total: float


def normalization(
    spec: BatchNormalization, inputs: np.ndarray, weights: tuple[np.ndarray, ...], cell: tuple[int, ...]
) -> NormalizationStep:
    """Value `cell` (row, column, channel), or (feature,), of a BatchNormalization of `spec` on `inputs`.

    weights: in the order of `spec.weight_names`, before the call.
    """
    channel = cell[-1]
    named = dict(zip(spec.weight_names(inputs.shape), weights, strict=True))
    means, variances = _moments(inputs) if spec.training else (named["moving_mean"], named["moving_variance"])
    mean, variance, value = float(means[channel]), float(variances[channel]), float(inputs[cell])
    gamma, beta = (
        float(named[name][channel]) if name in named else other for name, other in (("gamma", 1), ("beta", 0))
    )
    deviation = math.sqrt(variance + spec.epsilon)
    normalized = (value - mean) / deviation
    return NormalizationStep(value, mean, variance, deviation, normalized, gamma, beta, gamma * normalized + beta)


def moved_statistics(
    spec: BatchNormalization, inputs: np.ndarray, weights: tuple[np.ndarray, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """moving_mean and moving_variance (channels,) after a BatchNormalization of `spec` was called on `inputs` once:
    while training, momentum · what they were + (1 - momentum) · what this image has."""
    named = dict(zip(spec.weight_names(inputs.shape), weights, strict=True))
    before = named["moving_mean"], named["moving_variance"]
    if not spec.training:
        return before
    kept, now = spec.momentum, _moments(inputs)
    mean, variance = (kept * old + (1 - kept) * new for old, new in zip(before, now, strict=True))
    return mean, variance


def _moments(inputs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance of each channel (the last axis) over all other axes."""
    exact = inputs.astype(np.float64).reshape(-1, inputs.shape[-1])
    return exact.mean(axis=0), exact.var(axis=0)
