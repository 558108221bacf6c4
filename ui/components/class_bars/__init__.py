"""Ten numbers, one for each digit, as every page shows them: a row a digit, with a bar and the number."""

from __future__ import annotations

import numpy as np

from ui.components import frame, register
from ui.shared import text
from words import _

_mount = register("class_bars")


def class_bars(values: np.ndarray, key: str, marked: int | None = None, what: str | None = None) -> None:
    """Show (10,) probabilities as shares of 100 %, any other numbers as they are, from a line at zero.

    The largest stands out. marked: the digit to underline, None for none; what: what that digit is,
    the label where nothing is said.
    """
    _mount(data=frame(rows(values, marked, what), {}), key=key)


def rows(values: np.ndarray, marked: int | None, what: str | None = None) -> dict:
    """What `shared.js` needs to draw the rows: from where to where each bar goes and where zero is, in shares of the
    width, texts, the largest, and the marked one with a line that says what it is."""
    values = np.asarray(values, float)
    shares = are_shares(values)
    low, high = (0.0, 1.0) if shares else (min(0.0, values.min()), max(0.0, values.max()))
    places = (np.stack([np.minimum(values, 0), np.maximum(values, 0)], axis=-1) - low) / ((high - low) or 1)
    return {
        "spans": places.tolist(),
        "zero": -low / ((high - low) or 1),
        "texts": [text.share(value) if shares else text.number(value) for value in values],
        "best": int(values.argmax()),
        "marked": marked,
        "note": "" if marked is None else _note(marked, what or _("the label")),
    }


def _note(marked: int, what: str) -> str:
    return _("{digit}, underlined, is {what}.", digit=marked, what=what)


def are_shares(values: np.ndarray) -> bool:
    """Whether these are probabilities of which one must come true."""
    return bool(values.min() >= 0 and abs(values.sum() - 1) < 1e-3)
