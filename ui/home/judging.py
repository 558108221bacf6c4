"""The networks of the first page against test images: how sure they are, and what it costs to scale their maps."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st

from core.data import mnist
from core.network import ablation
from ui.components.living_network import Judged
from ui.shared import models
from ui.shared.networks import Chosen

JUDGED = 1000


@st.cache_resource(max_entries=8, show_spinner=False)
def plain(wanted: Chosen) -> tuple[float, Judged]:
    """Accuracy on the judged test images, and how sure it is of each."""
    found = ablation.answers(models.model(wanted), _images())
    right = found.values.argmax(axis=-1) == _labels()
    usual = float(np.percentile(found.logits.max(axis=-1), 5))
    return found.accuracy(_labels()), Judged(found.values.max(axis=-1), right, usual)


def _images() -> np.ndarray:
    return mnist.half("test").images[:JUDGED]


def _labels() -> np.ndarray:
    return mnist.half("test").labels[:JUDGED]


def judged(wanted: Chosen) -> Judged | None:
    """None where the network cannot read digits, or has not learned to."""
    if models.reading_problem(wanted) or not wanted.trained:
        return None
    found = plain(wanted)[1]
    return found if math.isfinite(found.usual_logit) else None


def accuracy(wanted: Chosen, scales: dict[str, dict[int, float]]) -> float:
    """On the judged test images, with maps scaled: by layer and map. Raises ValueError where one is not there."""
    return ablation.answers(models.model(wanted), _images(), scales).accuracy(_labels())
