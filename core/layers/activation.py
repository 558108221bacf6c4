"""Activation functions as layers of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.layers.arithmetic import Arithmetic
from core.layers.cell import Cell
from core.layers.layer import Layer, Shape

ACTIVATIONS = ("relu", "leaky_relu", "elu", "gelu", "sigmoid", "tanh", "softplus", "linear")
OUTPUT_ACTIVATIONS = ("softmax", "sigmoid", "relu", "linear")
# all that Keras takes by name, as a layer or as `activation` of another one; leaky_relu then has its slope of 0.2
FUNCTIONS = tuple(dict.fromkeys((*ACTIVATIONS, *OUTPUT_ACTIVATIONS)))

# functions that Keras has as a layer of their own, and the parameter that each takes
_LAYERS = {"relu": ("ReLU", None), "leaky_relu": ("LeakyReLU", "negative_slope"), "elu": ("ELU", "alpha")}


@dataclass(frozen=True)
class Activation(Layer):
    """An activation as a layer of its own. `negative_slope` is leaky_relu's, `alpha` is elu's."""

    activation: str = "relu"
    negative_slope: float = 0.2
    alpha: float = 1.0

    positional = ("activation",)
    own_defaults = {"negative_slope": 0.2, "alpha": 1.0}
    fixed = {"negative_slope": 0.0, "threshold": 0.0, "axis": -1}
    options = {"activation": FUNCTIONS}
    limits = {"negative_slope": (0, 1), "alpha": (0, 10)}
    words = {
        **{layer: {"activation": name} for name, (layer, _) in _LAYERS.items()},
        "Activation": {},
    }
    aliases = {"Softmax": {"activation": "softmax"}}

    @property
    def is_function(self) -> bool:
        """It is."""
        return True

    @property
    def has_parameter(self) -> bool:
        """Whether a number belongs to the function, so that its name alone does not say which one it is."""
        return self._used is not None

    @property
    def parameter(self) -> float | None:
        """That number, None where there is none."""
        return getattr(self, self._used) if self._used else None

    @property
    def _used(self) -> str | None:
        return _LAYERS.get(self.activation, ("", None))[1]

    def plain(self) -> Activation:
        """The same function; a parameter that it does not have is back at its default."""
        used = self._used
        return Activation(self.activation, **({used: getattr(self, used)} if used else {}))

    @property
    def keras_name(self) -> str:
        """ReLU, LeakyReLU, ELU, or Activation."""
        return _LAYERS[self.activation][0] if self.activation in _LAYERS else "Activation"

    @classmethod
    def unsaid(cls, given: dict[str, object]) -> dict[str, object]:
        """The layer LeakyReLU keeps 0.3 of what is negative in Keras, the function leaky_relu 0.2."""
        values = super().unsaid(given)
        return {**values, "negative_slope": 0.3} if given.get("activation") == "leaky_relu" else values

    @classmethod
    def from_keras(cls, word: str, config: dict[str, object]) -> Activation:
        """The function leaky_relu says no slope and has another than the layer."""
        layer = super().from_keras(word, config)
        return replace(layer, negative_slope=0.2) if word == "Activation" else layer

    def cell(self) -> Cell | None:
        """The function of the value; softmax looks at all channels, so no value says what it becomes."""
        return None if self.activation == "softmax" else Cell("value", self.activation)

    def arithmetic(self, shape: Shape, weights: Sequence[np.ndarray] = ()) -> Arithmetic:
        """The function of every value; softmax too, which sees them all."""
        return Arithmetic("value", function=self.activation, parameter=self.parameter)

    def config(self) -> dict[str, object]:
        """The parameter of the function, or its name where Keras has no layer for it."""
        if self.activation not in _LAYERS:
            return {"activation": self.activation}
        parameter = _LAYERS[self.activation][1]
        return {parameter: getattr(self, parameter)} if parameter else {}
