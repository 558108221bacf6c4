"""The devices that a training is spread over: each takes its part of every batch, and all take the same step."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from core.training.data import untuned
from core.training.spec import TrainingSpec

if TYPE_CHECKING:
    import tensorflow as tf


@dataclass(frozen=True, eq=False)
class Devices:
    """How many there are, and TensorFlow's strategy to use them together; None for one."""

    count: int
    strategy: tf.distribute.Strategy | None = None

    def scope(self) -> Any:
        """Variables that are made in it exist on all of them."""
        return self.strategy.scope() if self.strategy else contextlib.nullcontext()

    def split(self, dataset: Any) -> Any:
        """The same batches, each in as many parts as there are devices."""
        return self.strategy.experimental_distribute_dataset(dataset) if self.strategy else dataset

    def opened_twice(self, batches: Any) -> Any:
        """The same endless batches for Keras' `fit`, which on several devices opens them once before, for a look at the
        first one. A dataset that is opened again draws another order, and the run would be another one."""
        if self.strategy is None:
            return batches
        import tensorflow as tf

        stream = iter(batches)
        first: list = []

        def opened():
            if first:
                yield from chain(first, stream)
            else:
                first.append(next(stream))
                yield first[0]

        return untuned(tf.data.Dataset.from_generator(opened, output_signature=batches.element_spec).prefetch(2))

    def run(self, step: Any, images: Any, labels: Any) -> Any:
        """`step(images, labels)` on all of them, each with its part; what it returns, summed over them."""
        if self.strategy is None:
            return step(images, labels)
        parts = self.strategy.run(step, args=(images, labels))
        return None if parts is None else tuple(self.strategy.reduce("SUM", part, axis=None) for part in parts)


def chosen(spec: TrainingSpec) -> Devices:
    """The devices for a training: all GPUs that TensorFlow sees, or its logical devices on the processor, of which
    there is one unless somebody asked for more.

    As many of them as divide a batch, and the last batch of an epoch, into equal parts: the mean over the batch is then
    the mean of theirs, and a run learns what it would on one device.
    """
    import tensorflow as tf

    found = tf.config.list_logical_devices("GPU") or tf.config.list_logical_devices("CPU")
    last = spec.examples % spec.batch_size or spec.batch_size
    count = next(n for n in range(len(found), 0, -1) if spec.batch_size % n == 0 == last % n)
    if count == 1:
        return Devices(1)
    return Devices(count, tf.distribute.MirroredStrategy([device.name for device in found[:count]]))
