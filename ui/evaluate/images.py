"""The images behind the figures: those of one cell of the confusion matrix, and the most telling ones."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.network.evaluation import Evaluation
from core.scripts import evaluation
from ui.components.class_bars import class_bars
from ui.components.confusion import confusion
from ui.components.sample_wall import sample_wall
from ui.evaluate.jobs import Job
from ui.evaluate.overview import code, percent
from ui.evaluate.settings import MOST_FREQUENT, RANKINGS
from ui.shared import controls, digit, navigation, state

_PAGE = 48
_LISTED = 5


def confusion_matrix(job: Job) -> None:
    """The matrix on the left, the images of the chosen cell on the right."""
    found: Evaluation = job.future.result()
    true, predicted = _chosen_cell(found)
    matrix, images = st.columns(2, gap="medium")
    with matrix:
        confusion(found.confusion, (true, predicted))
        _reading(found)
    with images:
        shown = found.cell(true, predicted)
        st.markdown(f"**{_cell_name(true, predicted)}**: {_images(len(shown))}")
        wall(found, shown, "eval_cell_wall")
    code(job, evaluation.cell(true, predicted))


def _chosen_cell(found: Evaluation) -> tuple[int, int]:
    cell = (state.get("eval_true"), state.get("eval_pred"))
    if MOST_FREQUENT not in cell:
        return int(cell[0]), int(cell[1])
    return found.confusions()[0][:2] if found.confusions() else (0, 0)


def _reading(found: Evaluation) -> None:
    pairs = found.confusions()
    if not pairs:
        st.caption("Not one mistake: every image stands on the diagonal.")
        return
    listed = ", ".join(f"{true} for {predicted} ({count})" for true, predicted, count in pairs[:_LISTED])
    st.caption(
        f"A row holds the images of one digit, a column what it was taken for. Neutral 0, orange {pairs[0][2]:,}; "
        "right answers, on the diagonal, have no colour. Click a cell, or walk with the arrow keys and press Enter."
        f"\n\nMost often mixed up, the true digit first: {listed}."
    )


def _cell_name(true: int, predicted: int) -> str:
    return f"A {true}, read rightly" if true == predicted else f"A {true}, taken for {predicted}"


def _images(count: int) -> str:
    return "1 image" if count == 1 else f"{count:,} images"


def ranking(job: Job) -> None:
    """The wrong answers that it was surest of, and the other ends of the scale."""
    found: Evaluation = job.future.result()
    order = controls.choice("eval_ranking", "Order", names=RANKINGS, on_change=_first_page)
    indexes = {
        "confident": found.mistakes,
        "unsure": lambda: found.mistakes()[::-1],
        "hesitant": found.hesitant,
    }[order]()
    images, one = st.columns([3, 2], gap="medium")
    with images:
        wall(found, indexes, "eval_ranking_wall")
    with one:
        probabilities(found, indexes)
    code(job, evaluation.ranking(order == "hesitant", order == "confident"))


def _first_page() -> None:
    """Another order starts at its first page."""
    state.put({"eval_page": 1})


def wall(found: Evaluation, indexes: np.ndarray, key: str) -> None:
    """Test images with what they were taken for, a page at a time; the picked one becomes the digit of all pages."""
    if not len(indexes):
        st.info("There is no such image: choose another cell, order or network.", icon=":material/search_off:")
        return
    pages = -(-len(indexes) // _PAGE)
    number = controls.pager("eval_page", pages, _images(len(indexes))) if pages > 1 else 1
    tiles(found, indexes[(number - 1) * _PAGE : number * _PAGE], key)
    open_link()


def tiles(found: Evaluation, shown: np.ndarray, key: str) -> None:
    """The images themselves, each with its prediction and the confidence in it."""
    captions = [
        f"{'✓' if found.correct[i] else '✗'} {found.predictions[i]} · {percent(float(found.confidences[i]), 1)}"
        for i in shown
    ]
    sample_wall("test", shown, key, captions, ~found.correct[shown])


def open_link() -> None:
    """What a click does, and the way to the layers."""
    st.caption(
        "Under each image its label and number, then ✓ or ✗, the prediction and its probability. Click an image: it "
        "becomes the digit of all pages."
    )
    chosen = digit.current()
    half = "training" if chosen.split == "train" else "test"
    navigation.link(
        "conv2d", f"Open {half} image {chosen.index:,} in Conv2D", icon=":material/arrow_forward:", width="content"
    )


def probabilities(found: Evaluation, indexes: np.ndarray) -> int | None:
    """The ten probabilities of the chosen digit where it is among `indexes`, else of the first of them.

    Returns the index of that image, None where there is none.
    """
    if not len(indexes):
        return None
    chosen = digit.current()
    index = chosen.index if chosen.split == "test" and chosen.index in indexes else int(indexes[0])
    label, answer = int(found.labels[index]), int(found.predictions[index])
    verdict = "rightly read" if label == answer else f"taken for {answer}"
    which = "**Test image" if index == chosen.index else "The first of them, **test image"
    st.markdown(f"{which} {index:,}**: a {label}, {verdict}")
    class_bars(found.probabilities[index], "eval_probabilities", label)
    return index
