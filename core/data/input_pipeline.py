"""The tf.data pipeline from_tensor_slices → shuffle → batch: what it delivers, and how well it mixes.

tf.data mixes the process-wide seed of tf.random.set_seed into its shuffle. Orders are reproducible from
their own seed as long as nothing in the process calls that (or keras.utils.set_random_seed); core never does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.data import mnist
from words import _

# tf.data takes seeds modulo this: larger ones would repeat the orders of smaller ones
SEEDS = 2**31 - 1
LARGEST = {"examples": 60_000, "buffer_size": 1_000_000, "batch_size": 4096, "take": 100, "repeat": 10}


@dataclass(frozen=True)
class Batches:
    """How many batches one pass over the dataset gives, and how many examples the last of them holds."""

    count: int
    last: int


@dataclass(frozen=True)
class PipelineSpec:
    """The first `examples` images of a split, shuffled within `buffer_size`, in batches; `take` are drawn.

    `buffer_size` 1 does not shuffle. `repeat` passes over the data follow each other, each in a new order.
    """

    examples: int = 60_000
    buffer_size: int = 1000
    batch_size: int = 32
    drop_remainder: bool = False
    seed: int = 0
    take: int = 2
    repeat: int = 1

    def problem(self, available: int | None = None) -> str | None:
        """One sentence why this cannot be built (from `available` examples, if given), or None."""
        for name, largest in LARGEST.items():
            if not 1 <= (value := getattr(self, name)) <= largest:
                return _(
                    "{name} must be from 1 to {largest:,}, not {value:,}.", name=name, largest=largest, value=value
                )
        if available is not None and self.examples > available:
            return _(
                "There are {available:,} examples to take from, not {examples:,}.",
                available=available,
                examples=self.examples,
            )
        if not 0 <= self.seed < SEEDS:
            return _("The seed must be from 0 to {most}, not {seed}.", most=SEEDS - 1, seed=self.seed)
        if self.drop_remainder and self.batch_size > self.examples:
            return _(
                "With drop_remainder at least one batch must be full: it takes {batch:,} examples, there are "
                "{examples:,}.",
                batch=self.batch_size,
                examples=self.examples,
            )
        return None

    def batches(self) -> Batches:
        """By formula: ⌈examples / batch_size⌉ batches, or ⌊...⌋ where the remainder is dropped."""
        full, rest = divmod(self.examples, self.batch_size)
        if rest and not self.drop_remainder:
            return Batches(full + 1, rest)
        return Batches(full, self.batch_size if full else 0)

    def build(self, *arrays: np.ndarray):
        """tf.data.Dataset of batches from arrays of equal length, such as images and labels.

        Raises ValueError with the sentence of `problem`. As any shuffled tf.data.Dataset it changes its
        order on every iteration; the first iteration after building is the same for the same seed.
        """
        if problem := self.problem(min(len(array) for array in arrays)):
            raise ValueError(problem)
        import tensorflow as tf

        dataset = tf.data.Dataset.from_tensor_slices(tuple(array[: self.examples] for array in arrays))
        dataset = dataset.shuffle(self.buffer_size, seed=self.seed)
        dataset = dataset.batch(self.batch_size, drop_remainder=self.drop_remainder)
        return dataset.repeat(self.repeat) if self.repeat > 1 else dataset


def first_batches(spec: PipelineSpec, split: str) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """The first `spec.take` batches as tf.data delivers them: images, labels, and their indexes in `split`.

    Fewer where the dataset ends earlier. Raises ValueError as `build` does.
    """
    half = mnist.half(split)
    dataset = spec.build(half.images, half.labels, np.arange(len(half.labels)))
    return list(dataset.take(spec.take).as_numpy_iterator())


def stream_order(spec: PipelineSpec) -> np.ndarray:
    """(examples · repeat,) int64: entry p is the original index of the element at position p of the stream.

    Read off tf.data itself, before batching; drop_remainder then leaves the end of each pass out.
    """
    if problem := spec.problem():
        raise ValueError(problem)
    import tensorflow as tf

    # the order depends on the length, the buffer and the seed, never on what the elements are
    dataset = tf.data.Dataset.range(spec.examples).shuffle(spec.buffer_size, seed=spec.seed)
    passes = dataset.batch(spec.examples).repeat(spec.repeat)
    return np.concatenate(list(passes.as_numpy_iterator()))


def drawn(spec: PipelineSpec, order: np.ndarray) -> list[np.ndarray]:
    """Indexes of the first `spec.take` batches, cut from the `stream_order` of the same spec.

    The same batches as `first_batches`, without loading all images into the pipeline.
    """
    cuts = range(0, spec.examples, spec.batch_size)
    passes = order.reshape(spec.repeat, spec.examples)
    batches = [one[cut : cut + spec.batch_size] for one in passes for cut in cuts]
    if spec.drop_remainder:
        batches = [batch for batch in batches if len(batch) == spec.batch_size]
    return batches[: spec.take]


@dataclass(frozen=True)
class Mixing:
    """How far a shuffle carried the elements. With n elements, element i at position p_i:

    - mean_displacement: mean of |p_i - i|, in positions
    - full_displacement: what a perfect shuffle reaches on average, (n² - 1) / 3n
    - within_buffer: share of elements with |p_i - i| < buffer_size, from 0 to 1
    - rank_correlation: Spearman's ρ = 1 - 6 Σ (p_i - i)² / (n (n² - 1)); 1 is unshuffled, about 0 well mixed
    """

    mean_displacement: float
    full_displacement: float
    within_buffer: float
    rank_correlation: float


def mixing(order: np.ndarray, buffer_size: int) -> Mixing:
    """Measure one pass: `order` holds each index from 0 to n - 1 once, as `stream_order` with repeat=1."""
    n = len(order)
    if not np.array_equal(np.sort(order), np.arange(n)):
        raise ValueError("The order must hold every index once: measure one pass at a time.")
    moved = np.abs(order - np.arange(n)).astype(np.float64)
    correlation = 1 - 6 * float((moved**2).sum()) / (n * (n**2 - 1)) if n > 1 else 1.0
    return Mixing(float(moved.mean()), (n**2 - 1) / (3 * n), float((moved < buffer_size).mean()), correlation)
