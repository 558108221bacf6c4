"""`python -m tests.core.training.several_devices COUNT FILE`: trains on so many logical devices, and writes down what
was learned. In a process of its own, since TensorFlow makes its devices only once."""

import sys
from dataclasses import replace

import numpy as np
import tensorflow as tf

from core.network.presets import Blocks
from core.training import devices, loop
from core.training.loop import Listener
from core.training.spec import TrainingSpec

# no Dropout: each device draws its own; the last batch has 44 images, the last of the validation a single one
SPEC = TrainingSpec(
    network=Blocks(filters=(4,), convolutions=1, dense_units=8, dropout=0.0).network(),
    examples=300,
    validation=251,
    epochs=2,
    batch_size=64,
    precision="float32",
)


class Heard(Listener):
    """Keeps all that it is told, and a checkpoint of the first epoch."""

    def __init__(self):
        self.batches, self.measured, self.checkpoint = [], [], None

    def started(self, learner):
        self.learner = learner

    def batch(self, epoch, batch, loss, accuracy):
        self.batches.append((loss, accuracy))

    def epoch(self, epoch, measured):
        self.measured.append([measured[name] for name in sorted(measured)])
        if epoch == 0:
            self.checkpoint = self.learner.checkpoint(1)


def learned(engine, checkpoint=None):
    """What a training measured and learned, on whatever devices there are, as arrays by their names; and its first
    checkpoint."""
    heard = Heard()
    learner = loop.train(replace(SPEC, engine=engine), heard, checkpoint)
    found = {"devices": learner.devices.count, "batches": heard.batches, "epochs": heard.measured}
    weights = {f"weights {place}": array for place, array in enumerate(learner.weights())}
    return {name: np.array(value) for name, value in (found | weights).items()}, heard.checkpoint


def main(count, file):
    """A training with each engine, and one that goes on after the first epoch of another."""
    (processor,) = tf.config.list_physical_devices("CPU")
    tf.config.set_logical_device_configuration(processor, [tf.config.LogicalDeviceConfiguration()] * count)
    (fit, checkpoint), (written_out, _) = learned("fit"), learned("loop")
    resumed, _ = learned("fit", checkpoint)
    counts = {
        name: np.array(devices.chosen(replace(SPEC, **changes)).count)
        for name, changes in {"batch": {"batch_size": 65}, "last batch": {"examples": 301}}.items()
    }
    kinds = {"fit": fit, "loop": written_out, "resumed": resumed, "odd": counts}
    np.savez(file, **{f"{kind} {name}": value for kind, found in kinds.items() for name, value in found.items()})


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
