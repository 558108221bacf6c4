"""What the curves of a training say, in words, and what to try next. Pure: numbers in, a sentence or two out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from core.network.network import CLASSES
from core.runs.schema import BATCH_COLUMNS, ENDED
from core.training.spec import RATES, TrainingSpec
from words import _

_LOSS, _ACCURACY = BATCH_COLUMNS.index("loss"), BATCH_COLUMNS.index("accuracy")
# Ten equally likely answers are right in a tenth of all cases, the most frequent digit of MNIST in 11.2 %; over 500
# images 20 % are six standard deviations away from that.
_WINDOW_IMAGES = 500
_GUESS = 0.2
# this many windows in a row before it is said; more of them where nothing but patience may be missing
_PATIENT, _VERY_PATIENT = 4, 10
# a loss this many times that of a guess was a jump: a fresh network starts near 1
_JUMP = 3.0
# of the loss, from one epoch to the next
_FALLING = 0.05
_GAP = 0.02
_RISEN = 1.1
_SURE = 3.0  # standard errors
_LOW = 0.9


@dataclass(frozen=True)
class Diagnosis:
    """`kind` is one of KINDS, `words` one to three sentences with the numbers they rest on."""

    kind: str
    words: str


KINDS = ("nan", "guessing", "slow", "falling", "overfitting", "low", "fine")


def blind_loss(loss: str) -> float:
    """The loss of an answer of ten equal probabilities: −ln 0.1, or its mean over ten yes-or-no questions."""
    if loss == "binary_crossentropy":
        return -(math.log(1 / CLASSES) + (CLASSES - 1) * math.log(1 - 1 / CLASSES)) / CLASSES
    return -math.log(1 / CLASSES)


def diagnose(spec: TrainingSpec, rows: np.ndarray, epochs: list[dict], status: str) -> Diagnosis | None:
    """What is to be seen in a run's curves; None while there is too little of them.

    rows and epochs: as `Run.batches` and `Run.epochs` give them; status: as in `State`. Steps and epochs are counted
    from 1, as people count them. Where several things are true the first of these is said: NaN, an answer that is a
    guess, a loss that still falls, a gap, a low end.
    """
    over = status in ENDED
    if status == "diverged" or not np.isfinite(rows[:, _LOSS]).all():
        return _nan(spec, rows)
    return _guessing(spec, rows) or _falling(spec, rows, epochs, over) or _level(spec, epochs)


def _nan(spec: TrainingSpec, rows: np.ndarray) -> Diagnosis:
    finite = rows[np.isfinite(rows[:, _LOSS])]
    step = len(finite) + 1
    if len(finite):
        what = _(
            "The loss is no number since step {step:,}; it had gone from {first} to {last}.",
            step=step,
            first=_number(finite[0, _LOSS]),
            last=_number(finite[-1, _LOSS]),
        )
    else:
        what = _("The loss is no number since step {step:,}; it never was one.", step=step)
    advice = _(
        "Each step was larger than the one before, and the weights ran away. Try a rate of {rate} instead of {now:g}.",
        rate=_rate(spec, 0.1),
        now=spec.learning_rate,
    )
    return Diagnosis("nan", f"{what} {advice}")


def _guessing(spec: TrainingSpec, rows: np.ndarray) -> Diagnosis | None:
    """The answer is a guess in all windows since some step; what came before says why."""
    size = -(-_WINDOW_IMAGES // spec.batch_size)
    windows = _means(rows[:, _ACCURACY], size)
    better = np.flatnonzero(windows >= _GUESS)
    first = better[-1] + 1 if len(better) else 0
    if len(windows) - first < _PATIENT:
        return None
    blind, losses = blind_loss(spec.loss), rows[:, _LOSS]
    peak = int(losses.argmax())
    jumped = losses[peak] > _JUMP * blind
    accuracy, now = windows[first:].mean(), losses[-size:].mean()
    if not len(better) and not jumped:
        if len(windows) < _VERY_PATIENT:
            return None
        what = _(
            "It hardly learns: after {steps:,} steps {share:.1%} of its answers are right, as many as by chance, and "
            "the loss went from {first} to {last}.",
            steps=len(rows),
            share=accuracy,
            first=_number(losses[:size].mean()),
            last=_number(now),
        )
        advice = _(
            "Either the steps are too small (try a learning rate ten times larger: {rate}), or too little of the "
            "gradient reaches the first layers (try ReLU inside).",
            rate=_rate(spec, 10),
        )
        return Diagnosis("slow", f"{what} {advice}")
    what = _(
        "Guessing since step {step:,}: {share:.1%} of its answers are right, as many as by chance, at a loss of {loss} "
        "(ten equal probabilities have {blind}).",
        step=max(first * size, peak if jumped else 0) + 1,
        share=accuracy,
        loss=_number(now),
        blind=_number(blind),
    )
    if jumped:
        jump = _("The loss had jumped to {loss} at step {step:,}.", loss=_number(losses[peak]), step=peak + 1)
        what = f"{what} {jump}"
    advice = _(
        "The rate is too large: a few huge steps took the weights to where no gradient reaches them any more. Try a "
        "learning rate ten times smaller: {rate}.",
        rate=_rate(spec, 0.1),
    )
    return Diagnosis("guessing", f"{what} {advice}")


def _falling(spec: TrainingSpec, rows: np.ndarray, epochs: list[dict], over: bool) -> Diagnosis | None:
    """The validation loss of the last epoch is its best by far; after a single epoch, the loss of its last batches."""
    if len(epochs) > 1:
        losses = [line["val_loss"] for line in epochs]
        if losses[-1] > (1 - _FALLING) * min(losses[:-1]):
            return None
        what = _still_falling(spec, epochs)
    elif len(epochs) == 1:
        batches, quarter = rows[: spec.batches, _LOSS], max(1, spec.batches // 4)
        before, last = batches[-2 * quarter : -quarter], batches[-quarter:]
        if len(before) < 2 or before.mean() - last.mean() < max(_FALLING * before.mean(), _SURE * _error(last)):
            return None
        what = _(
            "Still falling: the loss went from {before} to {last} in the last half of the epoch, validation accuracy "
            "is {accuracy:.1%}.",
            before=_number(before.mean()),
            last=_number(last.mean()),
            accuracy=epochs[-1]["val_accuracy"],
        )
    else:
        return None
    if over:
        then = _("It was not done when it ended: train longer, with more epochs.")
    else:
        then = _("It has not finished learning.")
    return Diagnosis("falling", f"{what} {then}")


def _still_falling(spec: TrainingSpec, epochs: list[dict]) -> str:
    """Of the validation loss over several epochs."""
    before, last, accuracy = (
        _number(epochs[-2]["val_loss"]),
        _number(epochs[-1]["val_loss"]),
        epochs[-1]["val_accuracy"],
    )
    if gap := _gap(spec, epochs[-1]):
        return _(
            "Still falling: the validation loss went from {before} to {last} in the last epoch, accuracy is "
            "{accuracy:.1%}, {gap:.1f} points below that of training.",
            before=before,
            last=last,
            accuracy=accuracy,
            gap=100 * gap,
        )
    return _(
        "Still falling: the validation loss went from {before} to {last} in the last epoch, accuracy is "
        "{accuracy:.1%}.",
        before=before,
        last=last,
        accuracy=accuracy,
    )


def _level(spec: TrainingSpec, epochs: list[dict]) -> Diagnosis | None:
    """The last epoch made it little better: the curves are apart, low, or well."""
    if not epochs:
        return None
    last = epochs[-1]
    both = {"training": last["accuracy"], "validation": last["val_accuracy"]}
    if len(epochs) == 1:
        if last["val_accuracy"] < _LOW:
            return None
        said = _(
            "So far, so good: training accuracy is {training:.1%}, validation accuracy {validation:.1%} after one "
            "epoch. Whether they go on together, more will show.",
            **both,
        )
        return Diagnosis("fine", said)
    best = min(epochs, key=lambda line: line["val_loss"])
    risen = last["val_loss"] > _RISEN * best["val_loss"] and last["loss"] < last["val_loss"] / 2
    if _gap(spec, last) or risen:
        return Diagnosis("overfitting", _overfitting(last, best if risen else None))
    if last["val_accuracy"] < _LOW:
        said = _(
            "The last epoch made it no better, and it is low: training accuracy is {training:.1%}, validation accuracy "
            "{validation:.1%}. If it stays so, more epochs do not help: try another learning rate, ten times smaller "
            "or larger, or a larger network.",
            **both,
        )
        return Diagnosis("low", said)
    said = _(
        "The curves have levelled off close together: training accuracy is {training:.1%}, validation accuracy "
        "{validation:.1%}. Nothing is wrong here.",
        **both,
    )
    return Diagnosis("fine", said)


def _overfitting(last: dict, best: dict | None) -> str:
    """best: the epoch after which the validation loss was lowest, where it has risen since."""
    said = [
        _(
            "A gap: training accuracy is {training:.1%}, validation accuracy {validation:.1%}. It learns these "
            "pictures by heart (overfitting).",
            training=last["accuracy"],
            validation=last["val_accuracy"],
        )
    ]
    if best:
        said.append(
            _(
                "The validation loss was lowest after epoch {epoch} ({lowest}) and is {now} now.",
                epoch=best["epoch"],
                lowest=_number(best["val_loss"]),
                now=_number(last["val_loss"]),
            )
        )
    said.append(_("More training images, augmentation or Dropout make the gap smaller."))
    return " ".join(said)


def _gap(spec: TrainingSpec, epoch: dict) -> float:
    """How far validation accuracy is below that of training; 0 where it may be chance or is too little to matter."""
    found = epoch["val_accuracy"]
    gap = epoch["accuracy"] - found
    chance = math.sqrt(max(found * (1 - found), 0.0) / spec.validation)
    return gap if gap >= max(_GAP, _SURE * chance) else 0.0


def _means(values: np.ndarray, size: int) -> np.ndarray:
    """Means of windows of `size` values from the start; what is left over at the end is not a window."""
    return values[: len(values) // size * size].reshape(-1, size).mean(axis=1)


def _error(values: np.ndarray) -> float:
    """The standard error of their mean."""
    return float(values.std() / math.sqrt(len(values)))


def _rate(spec: TrainingSpec, factor: float) -> str:
    """The learning rate times `factor`, where a training may have it."""
    return f"{min(max(factor * spec.learning_rate, RATES[0]), RATES[1]):g}"


def _number(value: float) -> str:
    """Three digits below a thousand, whole thousands with commas, powers of ten beyond a million."""
    if abs(value) < 1000:
        return f"{value:.3g}"
    return f"{value:,.0f}" if abs(value) < 1e6 else f"{value:.0e}"
