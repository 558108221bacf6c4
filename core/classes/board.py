"""What a network made of a class's drawings: the order that shows what fooled it, the confusion matrix, the file."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.classes.drawings import Drawn
from core.data.mnist import CLASSES, SIZE
from words import _

SHEET = "datasheet.md"
STROKES = "strokes.json"


@dataclass(frozen=True, eq=False)
class Reading:
    """labels, predictions: int (n,); confidences: float (n,), the probability of each prediction."""

    labels: np.ndarray
    predictions: np.ndarray
    confidences: np.ndarray

    @property
    def correct(self) -> np.ndarray:
        """bool (n,)."""
        return self.predictions == self.labels

    @property
    def confusion(self) -> np.ndarray:
        """int (10, 10): how many drawings of digit `row` were taken for digit `column`."""
        places = self.labels * CLASSES + self.predictions
        return np.bincount(places, minlength=CLASSES**2).reshape(CLASSES, CLASSES)

    def of(self, places: Sequence[int]) -> Reading:
        """Of some drawings."""
        at = np.array(places, np.intp)
        return Reading(self.labels[at], self.predictions[at], self.confidences[at])

    def order(self) -> np.ndarray:
        """int (n,): what fooled it first, the surest mistakes before all; then what it read, the surest last."""
        return np.lexsort((np.where(self.correct, self.confidences, -self.confidences), self.correct))


def as_sent(drawn: Sequence[Drawn]) -> Reading:
    """What each pupil's own network read when the drawing was sent."""
    return Reading(
        _labels(drawn),
        np.array([each.prediction for each in drawn], np.int64),
        np.array([each.probability for each in drawn], np.float64),
    )


def read_by(drawn: Sequence[Drawn], probabilities: np.ndarray) -> Reading:
    """What one network reads. probabilities: (n, 10), of `pixels(drawn)`."""
    return Reading(_labels(drawn), probabilities.argmax(axis=-1), probabilities.max(axis=-1))


def pixels(drawn: Sequence[Drawn]) -> np.ndarray:
    """uint8 (n, 28, 28)."""
    return np.stack([each.pixels for each in drawn]) if drawn else np.empty((0, SIZE, SIZE), np.uint8)


def _labels(drawn: Sequence[Drawn]) -> np.ndarray:
    return np.array([each.label for each in drawn], np.int64)


def as_file(drawn: Sequence[Drawn], made: str) -> bytes:
    """All drawings as an .npz: `x` uint8 (n, 28, 28), `y` uint8 (n,), `writer`, `prediction`, `probability`; and in the
    same archive the strokes as JSON and a data sheet that people read. made: the day, as words.

    No names: writers are numbered from 0 in the order in which they first sent something.
    """
    found = as_sent(drawn)
    numbers: dict[int, int] = {}
    writers = [numbers.setdefault(each.pupil, len(numbers)) for each in drawn]
    file = io.BytesIO()
    np.savez_compressed(
        file,
        x=pixels(drawn),
        y=found.labels.astype(np.uint8),
        writer=np.array(writers, np.int32),
        prediction=found.predictions.astype(np.uint8),
        probability=found.confidences.astype(np.float32),
    )
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(SHEET, sheet(drawn, made))
        archive.writestr(STROKES, json.dumps([each.strokes for each in drawn], separators=(",", ":")))
    return file.getvalue()


def sheet(drawn: Sequence[Drawn], made: str) -> str:
    """What somebody should know before using the drawings: where they are from, what is in the file, what is not."""
    found = as_sent(drawn)
    counts = np.bincount(found.labels, minlength=CLASSES)
    return (
        "\n\n".join(
            [
                _("# Digits drawn by a class"),
                _(
                    "{drawings} drawings by {writers} writers, made with Layer Lab on {made}.",
                    drawings=len(drawn),
                    writers=len({each.pupil for each in drawn}),
                    made=made,
                ),
                "\n".join(
                    [
                        _("| digit | drawings |"),
                        "|--:|--:|",
                        *(f"| {digit} | {count} |" for digit, count in enumerate(counts)),
                    ]
                ),
                _("## What is in the file"),
                "\n".join(_contents(sorted({each.network for each in drawn}))),
                '    import numpy as np\n    file = np.load("drawings.npz")\n    x, y = file["x"], file["y"]',
                _("## What to think of"),
                "\n".join(_cautions()),
            ]
        )
        + "\n"
    )


def _contents(networks: list[str]) -> list[str]:
    return [
        _(
            "- `x`: uint8 (n, 28, 28), white on black, 0 to 255. Cut to the ink, scaled to 20 pixels, its centre of "
            "mass in the\n  middle, as MNIST was made; lines are brought to the width of MNIST's."
        ),
        _("- `y`: uint8 (n,), the digit that the writer meant. Nobody has checked it."),
        _(
            "- `writer`: int32 (n,), a number for each writer. Split by it: two drawings of one hand should not be on "
            "both sides."
        ),
        _("- `prediction`, `probability`: what a network read when the drawing was sent, and how sure it was."),
        f"  {_networks(networks)}",
        _(
            "- `{file}`: a list for each drawing, of strokes `[1, width, x, y, x, y, …]` (0 in front: an eraser)\n  on "
            "a pad of 280 × 280 pixels; empty where it was a picture.",
            file=STROKES,
        ),
    ]


def _cautions() -> list[str]:
    return [
        _(
            "- Pupils chose what to send. Many try to fool the network, so it reads fewer of these than of what people "
            "usually write."
        ),
        _("- Drawn with a mouse or a finger on glass, not with a pen on paper."),
        _(
            "- No names and nothing else about the writers is in here; handwriting itself can still tell who it is. "
            "Ask the writers\n  before you give the file to others."
        ),
    ]


def _networks(names: list[str]) -> str:
    return _("Networks: {names}.", names=", ".join(names)) if names else _("There are none yet.")
