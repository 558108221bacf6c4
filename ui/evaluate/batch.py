"""One batch as a program sees it: what goes in, what comes out, and what argmax makes of it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.network.evaluation import Evaluation
from core.scripts import evaluation
from ui.evaluate import images as evaluate_images
from ui.evaluate.jobs import Job
from ui.evaluate.overview import code
from ui.evaluate.settings import BATCH
from ui.shared import controls, source_code, state, tables
from words import _

_READABLE = 1e-3


def show(job: Job) -> None:
    """The batch's images on the left, the ten probabilities of one of them on the right."""
    found: Evaluation = job.future.result()
    batches = state.PARAMS["eval_batch"].high
    number = controls.pager("eval_batch", batches, _("{count} images in each but the last", count=BATCH), _("Batch"))
    indexes = np.arange((number - 1) * BATCH, min(number * BATCH, len(found.labels)))
    images, one = st.columns([3, 2], gap="medium")
    with images:
        evaluate_images.tiles(found, indexes, "eval_batch_wall")
        evaluate_images.open_link()
    with one:
        index = evaluate_images.probabilities(found, indexes)
        _one(found, index, index - int(indexes[0]))
    _arrays(found, indexes)
    code(job, evaluation.batch(number, BATCH))


def _one(found: Evaluation, index: int, place: int) -> None:
    """The row of numbers behind the bars."""
    row = found.probabilities[index]
    st.markdown(_("`preds[{place}]`, ten numbers that sum to `{total:.6f}`:", place=place, total=row.sum()))
    source_code.printed("\n".join(f"{digit}  {probability(value)}" for digit, value in enumerate(row)))
    if (smallest := row.min()) < _READABLE:
        st.caption(_power(probability(smallest)))
    st.markdown(
        _(
            "`np.argmax(preds[{place}])` is `{digit}`: the place of the largest, from 0.",
            place=place,
            digit=found.predictions[index],
        )
    )


def probability(value: np.float32) -> str:
    """All digits that float32 tells apart; three and the power of ten where the number is too small to be read."""
    if 0 < value < _READABLE:
        return f"{value:.2e}"
    return np.format_float_positional(value, trim="0")


def _power(written: str) -> str:
    """How to read a number such as 3.02e-08."""
    digits, _e, power = written.partition("e-")
    if not power:
        return _("`0.0`: softmax gives more than 0, but here less than float32 can hold.")
    return _(
        "Read `{written}` as {digits} divided by 10, {power} times: very little, yet not 0.",
        written=written,
        digits=digits,
        power=int(power),
    )


def _arrays(found: Evaluation, indexes: np.ndarray) -> None:
    preds, right = found.probabilities[indexes], int(found.correct[indexes].sum())
    st.markdown(
        tables.markdown(
            (_("array"), _("shape"), _("what it holds")),
            [
                ("`images`", tables.code((len(indexes), 28, 28, 1)), _("one channel of 28 × 28 pixels an image")),
                ("`preds`", tables.code(preds.shape), _("ten probabilities an image")),
                ("`np.argmax(preds, axis=-1)`", tables.code((len(indexes),)), _("one digit an image")),
            ],
        )
    )
    source_code.printed(f"argmax {found.predictions[indexes]}\nlabels {found.labels[indexes]}".replace("\n ", " "))
    st.markdown(_("{right} of {count} are right.", right=right, count=len(indexes)))
