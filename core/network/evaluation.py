"""How well a network reads images it has never seen: loss, accuracy, confusions, worst mistakes, calibration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from core.network import output
from core.network.network import CLASSES
from core.network.saved import as_batch
from words import _

if TYPE_CHECKING:
    import keras

# Keras clips probabilities by this much before it takes their logarithm
_EPSILON = 1e-7
# images that a model sees at once: of 100 to 1,000, the fastest on a small CPU
_CHUNK = 250

Progress = Callable[[int, int], None]


class EvaluationError(RuntimeError):
    """A network whose answer to this image cannot be judged; the message is for the person at the screen.

    An evaluation is done once for all readers: each is told in their own language.
    """

    def __init__(self, image: int):
        super().__init__(image)
        self.image = image

    def __str__(self) -> str:
        return _(
            "Expected ten probabilities for each image, and this network gives “not a number” for image "
            "{image}: its training diverged, often because the learning rate was too large.",
            image=self.image,
        )


@dataclass(frozen=True, eq=False)
class Calibration:
    """Answers in bins of equal width over their confidence; `edges` (bins + 1,) from 0 to 1.

    `confidence` and `accuracy` (bins,) are means over the answers in a bin, NaN where it is empty; `count` (bins,)
    says how many there are. `error` is the expected calibration error: the distance between accuracy and confidence
    in a bin, averaged over all answers (Naeini, Cooper and Hauskrecht 2015; Guo et al. 2017, equation 3).
    """

    edges: np.ndarray
    confidence: np.ndarray
    accuracy: np.ndarray
    count: np.ndarray
    error: float


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What a network answered: `labels` int (n,), `probabilities` float32 (n, 10), and `losses` float32 (n,), the
    cross-entropy of each image.

    Rows and columns of ten are the digits 0 to 9; indexes count the images as they were given.
    """

    labels: np.ndarray
    probabilities: np.ndarray
    losses: np.ndarray

    @cached_property
    def predictions(self) -> np.ndarray:
        """int (n,): the most probable digit; of equal ones the first, as np.argmax has it."""
        return self.probabilities.argmax(axis=-1)

    @cached_property
    def confidences(self) -> np.ndarray:
        """float32 (n,): the probability of the predicted digit."""
        return self.probabilities.max(axis=-1)

    @cached_property
    def correct(self) -> np.ndarray:
        """bool (n,)."""
        return self.predictions == self.labels

    @property
    def loss(self) -> float:
        """Mean sparse categorical cross-entropy, as Keras' `evaluate` gives it."""
        return float(self.losses.mean(dtype=np.float64))

    @property
    def accuracy(self) -> float:
        """Share of images whose prediction is their label."""
        return float(self.correct.mean())

    @cached_property
    def confusion(self) -> np.ndarray:
        """int (10, 10): how many images of digit `row` were taken for digit `column`."""
        places = self.labels * CLASSES + self.predictions
        return np.bincount(places, minlength=CLASSES**2).reshape(CLASSES, CLASSES)

    @property
    def support(self) -> np.ndarray:
        """int (10,): images of each digit."""
        return self.confusion.sum(axis=1)

    @property
    def missed(self) -> np.ndarray:
        """int (10,): images of each digit that were taken for another one (false negatives)."""
        return self.support - self.confusion.diagonal()

    @property
    def mistaken_for(self) -> np.ndarray:
        """int (10,): images of other digits that were taken for this one (false positives)."""
        return self.confusion.sum(axis=0) - self.confusion.diagonal()

    @property
    def precision(self) -> np.ndarray:
        """float (10,): of the images taken for a digit, the share that is one; NaN where none was."""
        return _share(self.confusion.diagonal(), self.confusion.sum(axis=0))

    @property
    def recall(self) -> np.ndarray:
        """float (10,): of the images of a digit, the share that was found; NaN where there is none."""
        return _share(self.confusion.diagonal(), self.support)

    @property
    def f1(self) -> np.ndarray:
        """float (10,): 2 TP / (2 TP + FP + FN), the harmonic mean of precision and recall where both exist; 0 for a
        digit that is never predicted, NaN where there is nothing to find or to predict."""
        found = self.confusion.diagonal()
        return _share(2 * found, 2 * found + self.mistaken_for + self.missed)

    def mistakes(self) -> np.ndarray:
        """Indexes of wrong answers, the most confident first."""
        return self._by_confidence(~self.correct)

    def hesitant(self) -> np.ndarray:
        """Indexes of right answers, the least confident first."""
        return self._by_confidence(self.correct)[::-1]

    def cell(self, true: int, predicted: int) -> np.ndarray:
        """Indexes of images of digit `true` that were taken for `predicted`, the most confident first."""
        return self._by_confidence((self.labels == true) & (self.predictions == predicted))

    def _by_confidence(self, wanted: np.ndarray) -> np.ndarray:
        places = np.flatnonzero(wanted)
        return places[np.argsort(-self.confidences[places], kind="stable")]

    def confusions(self) -> list[tuple[int, int, int]]:
        """(true, predicted, images) of every kind of mistake that was made, the most frequent first."""
        wrong = self.confusion * (1 - np.eye(CLASSES, dtype=int))
        order = np.argsort(-wrong.ravel(), kind="stable")
        return [(int(at) // CLASSES, int(at) % CLASSES, int(wrong.flat[at])) for at in order if wrong.flat[at]]

    def calibration(self, bins: int) -> Calibration:
        """How often answers of some confidence are right. A bin holds its upper edge, not its lower one.

        Raises ValueError for fewer than 1 bin.
        """
        if bins < 1:
            raise ValueError(f"The number of bins must be at least 1, not {bins}.")
        edges = np.linspace(0, 1, bins + 1)
        places = np.clip(np.searchsorted(edges, self.confidences, side="left") - 1, 0, bins - 1)
        count = np.bincount(places, minlength=bins)
        confidence = _share(np.bincount(places, self.confidences, bins), count)
        accuracy = _share(np.bincount(places, self.correct, bins), count)
        error = float(np.nansum(count * np.abs(accuracy - confidence)) / len(self.labels))
        return Calibration(edges, confidence, accuracy, count, error)


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """part / whole; NaN, without a warning, where the whole is 0."""
    return np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)


def evaluate(
    model: keras.Model, images: np.ndarray, labels: np.ndarray, progress: Progress | None = None
) -> Evaluation:
    """Every answer of `model` (Keras, ten outputs with softmax) to the images, as `network.as_batch` takes them.

    progress: called with the images done and their total after each chunk; what it raises ends the evaluation.
    Raises ValueError where there is not one label an image, EvaluationError where an answer is not a number.
    """
    images, labels = np.asarray(images), np.asarray(labels)
    if not len(images) or labels.shape != (len(images),):
        raise ValueError(f"Expected at least one image and a label for each, got {len(images)} and {labels.shape}.")
    scorer = _with_logits(model)
    scores, answers = [], []
    for start in range(0, len(images), _CHUNK):
        answer = scorer.predict_on_batch(as_batch(images[start : start + _CHUNK]))
        _check(answer["probabilities"], start)
        scores.append(np.asarray(output.logits(model, answer["before"])))
        answers.append(answer["probabilities"])
        if progress:
            progress(min(start + _CHUNK, len(images)), len(images))
    labels, probabilities = labels.astype(np.int64), np.concatenate(answers)
    losses = cross_entropy(np.concatenate(scores), labels, from_logits=output.hides_logits(model))
    for array in (labels, probabilities, losses):
        array.setflags(write=False)
    return Evaluation(labels, probabilities, losses)


def _check(probabilities: np.ndarray, start: int) -> None:
    broken = ~np.isfinite(probabilities).all(axis=-1)
    if broken.any():
        raise EvaluationError(start + int(broken.argmax()))


def _with_logits(model: keras.Model):
    """A model that gives the probabilities and what `output.logits` takes, and shares the weights of `model`."""
    import keras

    return keras.Model(model.inputs, {"before": output.before_logits(model), "probabilities": model.outputs[0]})


def cross_entropy(scores: np.ndarray, labels: np.ndarray, from_logits: bool) -> np.ndarray:
    """float32 (n,): Keras' sparse_categorical_crossentropy of scores (n, 10), logits or probabilities.

    Like Keras, probabilities are first clipped to 1e-7 … 1 - 1e-7, and then scaled so that they sum to 1 again.
    """
    scores = scores.astype(np.float64)
    logits = scores if from_logits else np.log(np.clip(scores, _EPSILON, 1 - _EPSILON))
    logits = logits - logits.max(axis=-1, keepdims=True)
    losses = np.log(np.exp(logits).sum(axis=-1)) - np.take_along_axis(logits, labels[:, np.newaxis], axis=-1)[:, 0]
    return losses.astype(np.float32)
