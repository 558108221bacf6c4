"""Settings worth trying, good ones and bad ones, each with what it shows."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.network.presets import PRESETS as NETWORKS
from core.network.presets import SMALL_CNN, Blocks
from core.training.spec import TrainingSpec
from words import N_


@dataclass(frozen=True)
class Preset:
    """`spec` is the whole training, `note` says what to look for; names and notes are shown with `_`."""

    spec: TrainingSpec
    note: str


_START = TrainingSpec()
# one rate all the way, where it is the rate or the network that is to be seen
_PLAIN = replace(_START, learning_rate=0.001, schedule="constant")
_BRIEF = replace(_PLAIN, examples=5_000, epochs=2)

# what a class trains where nobody has chosen: thirty runs one after the other should not take the whole lesson
SMALL = N_("Small and quick")

PRESETS: dict[str, Preset] = {
    N_("A good start"): Preset(
        _START,
        N_(
            "Adam, with a rate that first rises to 0.003, then falls to 0: accuracy rises within seconds and both "
            "curves go on together."
        ),
    ),
    N_("Two quick epochs"): Preset(
        replace(_START, examples=2_000, epochs=2, validation=500),
        N_("Few images, done soon: enough to see first kernels take shape."),
    ),
    SMALL: Preset(
        # so small that bfloat16 gains nothing, and measuring that would take as long as the first epoch
        replace(_START, network=NETWORKS[SMALL_CNN], precision="float32"),
        N_(
            "A network with a thirtieth of the weights: first numbers within seconds, about 97 % soon after. What a "
            "class begins with."
        ),
    ),
    N_("Nearly everything"): Preset(
        replace(_PLAIN, examples=50_000, validation=5_000, epochs=4, schedule="cosine", augmentation="light"),
        N_("Most of MNIST, slightly changed each time, with a falling learning rate: about 99.4 % after some minutes."),
    ),
    # Adam moves a weight by about the rate, however large the gradient is: nothing can overflow. What comes into a
    # layer after a ReLU is never negative, so a unit whose answer is to shrink has all its weights moved down at once,
    # here by more than their size: it is below zero for every image, and no gradient ever lifts it again.
    N_("Steps too large"): Preset(
        replace(_BRIEF, learning_rate=0.1),
        N_(
            "Adam at 0.1: the loss jumps to thousands, then comes to rest near 2.3 for good. A few huge steps pushed "
            "every ReLU of a layer below zero, where its slope is 0: nothing before it moves any more, and the answer "
            "is a guess, 10 %."
        ),
    ),
    # Without ReLU nothing can die. A layer's gradient is a product with the weights of all other layers in it, and at
    # the output it is -1 / batch for every wrong answer, however wrong. So once the weights are large, each step
    # multiplies their number of digits by about the number of layers less one, 5 here: beyond the 38 digits that
    # float32 and bfloat16 both have after a handful of steps, in whatever order sums are rounded, and infinity minus
    # infinity is NaN. Only a batch without a single wrong answer could stop it.
    N_("Blown up"): Preset(
        replace(_BRIEF, optimizer="sgd", learning_rate=10.0, network=Blocks(activation="linear").network()),
        N_(
            "SGD at 10, and linear instead of ReLU, so that nothing can die: each step is larger than the one before, "
            "and within a few batches the loss is NaN (not a number). The run stops and says so."
        ),
    ),
    N_("Steps too small"): Preset(
        replace(_BRIEF, optimizer="sgd", learning_rate=0.0001, momentum=0.0),
        N_("SGD at 0.0001 without momentum: nothing wrong, but two epochs are far from enough."),
    ),
    N_("Learning by heart"): Preset(
        replace(_PLAIN, examples=500, epochs=20, network=Blocks(dropout=0.0).network()),
        N_(
            "500 images and no Dropout: training accuracy reaches 100 % while the validation curve stays behind. That "
            "gap is overfitting."
        ),
    ),
    N_("Sigmoid inside"): Preset(
        replace(_BRIEF, network=Blocks(activation="sigmoid").network()),
        N_(
            "Sigmoid instead of ReLU: its slope is at most 1/4, so little of the gradient reaches the first layers, "
            "and learning hardly begins."
        ),
    ),
}
