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
from ui.shared import aloud, controls, digit, navigation, state
from words import _, plural

_PAGE = 48
_LISTED = 5


def confusion_matrix(job: Job) -> None:
    """The matrix on the left, the images of the chosen cell on the right."""
    found: Evaluation = job.future.result()
    true, predicted = _chosen_cell(found)
    matrix, images = st.columns(2, gap="medium")
    with matrix:
        confusion(found.confusion, (true, predicted), picked=lambda: _say_cell(found))
        _reading(found)
    with images:
        shown = found.cell(true, predicted)
        st.markdown(_named(true, predicted, len(shown)))
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
        st.caption(_("Not one mistake: every image stands on the diagonal."))
        return
    listed = ", ".join(
        _("{true} for {predicted} ({count})", true=true, predicted=predicted, count=count)
        for true, predicted, count in pairs[:_LISTED]
    )
    how = _(
        "A row holds the images of one digit, a column what it was taken for. Neutral 0, orange {most:,}; right "
        "answers, on the diagonal, have no colour. Click a cell, or walk with the arrow keys and press Enter.",
        most=pairs[0][2],
    )
    mixed_up = _("Most often mixed up, the true digit first: {listed}.", listed=listed)
    st.caption(f"{how}\n\n{mixed_up}")


def _cell_name(true: int, predicted: int) -> str:
    if true == predicted:
        return _("A {digit}, read rightly", digit=true)
    return _("A {true}, taken for {predicted}", true=true, predicted=predicted)


def _named(true: int, predicted: int, count: int) -> str:
    return f"**{_cell_name(true, predicted)}**: {_images(count)}"


def _say_cell(found: Evaluation) -> None:
    true, predicted = _chosen_cell(found)
    aloud.say(_named(true, predicted, len(found.cell(true, predicted))))


def _images(count: int) -> str:
    return plural("{count:,} image", "{count:,} images", count)


def ranking(job: Job) -> None:
    """The wrong answers that it was surest of, and the other ends of the scale."""
    found: Evaluation = job.future.result()
    names = {key: _(name) for key, name in RANKINGS.items()}
    order = controls.choice("eval_ranking", _("Order"), names=names, on_change=_first_page)
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
        said = _("There is no such image: choose another cell, order or network.")
        st.info(said, icon=":material/search_off:")
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
        _(
            "Under each image its label and number, then ✓ or ✗, the prediction and its probability. Click an image: "
            "it becomes the digit of all pages."
        )
    )
    chosen = digit.current()
    if chosen.split == "train":
        label = _("Open training image {number:,} in Conv2D", number=chosen.index)
    else:
        label = _("Open test image {number:,} in Conv2D", number=chosen.index)
    navigation.link("conv2d", label, icon=":material/arrow_forward:", width="content")


def probabilities(found: Evaluation, indexes: np.ndarray) -> int | None:
    """The ten probabilities of the chosen digit where it is among `indexes`, else of the first of them.

    Returns the index of that image, None where there is none.
    """
    if not len(indexes):
        return None
    chosen = digit.current()
    index = chosen.index if chosen.split == "test" and chosen.index in indexes else int(indexes[0])
    label, answer = int(found.labels[index]), int(found.predictions[index])
    st.markdown(_headline(index, label, answer, index == chosen.index))
    class_bars(found.probabilities[index], "eval_probabilities", label, _("the label"))
    return index


def _headline(index: int, label: int, answer: int, chosen: bool) -> str:
    """Which image it is and how it was read. chosen: by a person."""
    values = {"number": index, "label": label}
    if label == answer:
        if chosen:
            return _("**Test image {number:,}**: a {label}, rightly read", **values)
        return _("The first of them, **test image {number:,}**: a {label}, rightly read", **values)
    if chosen:
        return _("**Test image {number:,}**: a {label}, taken for {answer}", **values, answer=answer)
    return _("The first of them, **test image {number:,}**: a {label}, taken for {answer}", **values, answer=answer)
