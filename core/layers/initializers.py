"""How a layer's first weights are drawn: Keras' initializers, frozen, as values of a layer's configuration."""

from __future__ import annotations

from dataclasses import dataclass

# Keras' names for them in `kernel_initializer=…`, and the classes behind
INITIALIZERS = {
    "glorot_uniform": "GlorotUniform",
    "glorot_normal": "GlorotNormal",
    "he_uniform": "HeUniform",
    "he_normal": "HeNormal",
    "lecun_normal": "LecunNormal",
    "random_normal": "RandomNormal",
    "random_uniform": "RandomUniform",
    "orthogonal": "Orthogonal",
}


@dataclass(frozen=True)
class Random:
    """One of INITIALIZERS with a seed of its own: the same seed draws the same weights."""

    name: str
    seed: int

    def build(self):
        """The Keras initializer."""
        import keras

        return getattr(keras.initializers, INITIALIZERS[self.name])(seed=self.seed)

    def as_code(self) -> str:
        """The constructor call."""
        return f"tf.keras.initializers.{INITIALIZERS[self.name]}(seed={self.seed})"


@dataclass(frozen=True)
class Constant:
    """Every weight starts at `value`."""

    value: float

    def build(self):
        """The Keras initializer."""
        import keras

        return keras.initializers.Constant(self.value)

    def as_code(self) -> str:
        """The constructor call."""
        return f"tf.keras.initializers.Constant({self.value})"
