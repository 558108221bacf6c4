"""The sample wall: many digits to look at; the one that is picked walks through the layers."""

from __future__ import annotations

import numpy as np

from core.data import mnist
from ui.components import frame, register, sent
from ui.shared import digit, state
from words import N_, _

_mount = register("sample_wall")
HALVES = {"train": N_("training"), "test": N_("test")}
_TITLES = {"train": N_("{count} training images"), "test": N_("{count} test images")}


def sample_wall(
    split: str,
    indexes: np.ndarray,
    key: str,
    captions: list[str] | None = None,
    wrong: np.ndarray | None = None,
) -> None:
    """Images of `split` at `indexes`, in that order; what is picked becomes the digit of all pages.

    captions: one short line to stand under each image, a prediction for example; wrong: bool, whose captions are red.
    """
    half = mnist.half(split)
    chosen = state.get("index") if state.get("split") == split else -1
    header = {"title": _(_TITLES[split], count=len(indexes)), "split": split, "chosen": chosen}
    header["captions"] = captions or []
    arrays = {
        "images": half.images[indexes],
        "labels": half.labels[indexes],
        "indexes": indexes.astype(np.int32),
        "wrong": np.zeros(len(indexes), np.uint8) if wrong is None else wrong.astype(np.uint8),
    }
    _mount(data=frame(header, arrays), key=key, on_pick_change=lambda: _picked(key, split))


def _picked(key: str, split: str) -> None:
    try:
        digit.choose(split, state.PARAMS["index"].read(str(int(sent(key, "pick")))))
    except (TypeError, ValueError):
        return
