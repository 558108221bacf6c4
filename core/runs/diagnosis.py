"""What the curves of a training say, in words, and what to try next. Pure: numbers in, a sentence or two out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from core.network.network import CLASSES
from core.runs.schema import BATCH_COLUMNS, ENDED
from core.training.spec import RATES, TrainingSpec

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
    before = "it never was one"
    if len(finite):
        before = f"it had gone from {_number(finite[0, _LOSS])} to {_number(finite[-1, _LOSS])}"
    return Diagnosis(
        "nan",
        f"The loss is no number since step {len(finite) + 1:,}; {before}. Each step was larger than the one before, "
        f"and the weights ran away. Try a rate of {_rate(spec, 0.1)} instead of {spec.learning_rate:g}.",
    )


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
    chance = f"{accuracy:.1%} of its answers are right, as many as by chance"
    if not len(better) and not jumped:
        if len(windows) < _VERY_PATIENT:
            return None
        return Diagnosis(
            "slow",
            f"It hardly learns: after {len(rows):,} steps {chance}, and the loss went from "
            f"{_number(losses[:size].mean())} to {_number(now)}. Either the steps are too small (try a learning rate "
            f"ten times larger: {_rate(spec, 10)}), or too little of the gradient reaches the first "
            "layers (try ReLU inside).",
        )
    since = max(first * size, peak if jumped else 0) + 1
    jump = f" The loss had jumped to {_number(losses[peak])} at step {peak + 1:,}." if jumped else ""
    return Diagnosis(
        "guessing",
        f"Guessing since step {since:,}: {chance}, at a loss of {_number(now)} (ten equal probabilities have "
        f"{_number(blind)}).{jump} The rate is too large: a few huge steps took the weights to where no gradient "
        f"reaches them any more. Try a learning rate ten times smaller: {_rate(spec, 0.1)}.",
    )


def _falling(spec: TrainingSpec, rows: np.ndarray, epochs: list[dict], over: bool) -> Diagnosis | None:
    """The validation loss of the last epoch is its best by far; after a single epoch, the loss of its last batches."""
    if len(epochs) > 1:
        losses = [line["val_loss"] for line in epochs]
        if losses[-1] > (1 - _FALLING) * min(losses[:-1]):
            return None
        where = f"the validation loss went from {_number(losses[-2])} to {_number(losses[-1])} in the last epoch"
        found = f", accuracy is {epochs[-1]['val_accuracy']:.1%}"
        if gap := _gap(spec, epochs[-1]):
            found += f", {100 * gap:.1f} points below that of training"
    elif len(epochs) == 1:
        batches, quarter = rows[: spec.batches, _LOSS], max(1, spec.batches // 4)
        before, last = batches[-2 * quarter : -quarter], batches[-quarter:]
        if len(before) < 2 or before.mean() - last.mean() < max(_FALLING * before.mean(), _SURE * _error(last)):
            return None
        where = f"the loss went from {_number(before.mean())} to {_number(last.mean())} in the last half of the epoch"
        found = f", validation accuracy is {epochs[-1]['val_accuracy']:.1%}"
    else:
        return None
    then = "It was not done when it ended: train longer, with more epochs." if over else "It has not finished learning."
    return Diagnosis("falling", f"Still falling: {where}{found}. {then}")


def _level(spec: TrainingSpec, epochs: list[dict]) -> Diagnosis | None:
    """The last epoch made it little better: the curves are apart, low, or well."""
    if not epochs:
        return None
    last = epochs[-1]
    both = f"training accuracy is {last['accuracy']:.1%}, validation accuracy {last['val_accuracy']:.1%}"
    if len(epochs) == 1:
        if last["val_accuracy"] < _LOW:
            return None
        return Diagnosis(
            "fine", f"So far, so good: {both} after one epoch. Whether they go on together, more will show."
        )
    best = min(epochs, key=lambda line: line["val_loss"])
    risen = last["val_loss"] > _RISEN * best["val_loss"] and last["loss"] < last["val_loss"] / 2
    if _gap(spec, last) or risen:
        turn = (
            f" The validation loss was lowest after epoch {best['epoch']} ({_number(best['val_loss'])}) and is "
            f"{_number(last['val_loss'])} now."
            if risen
            else ""
        )
        return Diagnosis(
            "overfitting",
            f"A gap: {both}. It learns these pictures by heart (overfitting).{turn} More training images, augmentation "
            "or Dropout make the gap smaller.",
        )
    if last["val_accuracy"] < _LOW:
        return Diagnosis(
            "low",
            f"The last epoch made it no better, and it is low: {both}. If it stays so, more epochs do not help: try "
            "another learning rate, ten times smaller or larger, or a larger network.",
        )
    return Diagnosis("fine", f"The curves have levelled off close together: {both}. Nothing is wrong here.")


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
