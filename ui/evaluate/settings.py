"""The settings of the Evaluate page."""

from __future__ import annotations

from core.data import mnist
from ui.shared import state
from words import N_

PARTS = {
    "overview": N_("Overview"),
    "confusion": N_("Confusion"),
    "ranking": N_("Mistakes"),
    "batch": N_("A batch"),
    "calibration": N_("Calibration"),
}
# name → what it lists: right answers or wrong ones, the most confident first or last
RANKINGS = {
    "confident": N_("Most confident mistakes"),
    "unsure": N_("Least confident mistakes"),
    "hesitant": N_("Most hesitant right answers"),
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
