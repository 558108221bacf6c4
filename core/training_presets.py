"""Settings worth trying, good ones and bad ones, each with what it shows."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.network import NetworkSpec
from core.training_spec import TrainingSpec


@dataclass(frozen=True)
class Preset:
    """`spec` is the whole training, `note` says what to look for."""

    spec: TrainingSpec
    note: str


_START = TrainingSpec()
_SGD = replace(_START, optimizer="sgd", examples=5_000, epochs=2)

PRESETS: dict[str, Preset] = {
    "A good start": Preset(_START, "Adam at 0.001: accuracy rises within seconds and both curves go on together."),
    "Two quick epochs": Preset(
        replace(_START, examples=2_000, epochs=2, validation=500),
        "Few images, done soon: enough to see first kernels take shape.",
    ),
    "Nearly everything": Preset(
        replace(_START, examples=50_000, validation=5_000, epochs=4, schedule="cosine", augmentation="light"),
        "Most of MNIST, slightly changed each time, with a falling learning rate: about 99.4 % after some minutes.",
    ),
    "Steps too large": Preset(
        replace(_SGD, learning_rate=3.0),
        "SGD at 3: the loss jumps, then stays at 2.3 for good. One huge step pushed every ReLU below zero, where its "
        "slope is 0: nothing moves any more, and the answer is a guess, 10 %.",
    ),
    "Blown up": Preset(
        replace(_SGD, learning_rate=10.0),
        "SGD at 10: each step is larger than the one before, and within a few batches the loss is NaN (not a number). "
        "The run stops and says so.",
    ),
    "Steps too small": Preset(
        replace(_SGD, learning_rate=0.0001, momentum=0.0),
        "SGD at 0.0001 without momentum: nothing wrong, but two epochs are far from enough.",
    ),
    "Learning by heart": Preset(
        replace(_START, examples=500, epochs=20, network=replace(NetworkSpec(), dropout=0.0)),
        "500 images and no Dropout: training accuracy reaches 100 % while the validation curve stays behind. That gap "
        "is overfitting.",
    ),
    "Sigmoid inside": Preset(
        replace(_START, examples=5_000, epochs=2, network=replace(NetworkSpec(), activation="sigmoid")),
        "Sigmoid instead of ReLU: its slope is at most 1/4, so little of the gradient reaches the first layers, and "
        "learning hardly begins.",
    ),
}
