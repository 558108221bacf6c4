"""The settings of the Evaluate page."""

from __future__ import annotations

from core.data import mnist
from ui.shared import state

PARTS = {
    "overview": "Overview",
    "confusion": "Confusion",
    "ranking": "Mistakes",
    "batch": "A batch",
    "calibration": "Calibration",
}
# name → what it lists: right answers or wrong ones, the most confident first or last
RANKINGS = {
    "confident": "Most confident mistakes",
    "unsure": "Least confident mistakes",
    "hesitant": "Most hesitant right answers",
}
BATCH = 32
TEST_IMAGES = 10_000
# row and column of the confusion matrix: the most frequent mistake, whichever it is, or a digit
MOST_FREQUENT = "most"
_DIGITS = (MOST_FREQUENT, *map(str, range(mnist.CLASSES)))

state.declare(
    state.choice("eval_part", "overview", tuple(PARTS)),
    state.choice("eval_true", MOST_FREQUENT, _DIGITS),
    state.choice("eval_pred", MOST_FREQUENT, _DIGITS),
    state.choice("eval_ranking", "confident", tuple(RANKINGS)),
    state.integer("eval_page", 1, 1, 1000),
    state.integer("eval_batch", 1, 1, -(-TEST_IMAGES // BATCH)),
    state.integer("eval_bins", 10, 2, 25),
)
