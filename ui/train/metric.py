"""How a metric object collects, batch by batch, with the numbers of the run that is watched."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.lessons import metric_collection
from core.lessons.metric_collection import Collected
from core.runs import history
from core.runs.folders import Run
from ui.shared import charts, controls, source_code, tables, text
from ui.train import colours, settings
from viz import training_curves
from words import _

_ROWS = 5


def show(run: Run) -> None:
    """Nothing before the first batch; then controls, the curve, and the numbers around the chosen batch."""
    rows = run.batches()
    if not len(rows):
        return
    st.header(_("How a metric collects"), anchor=False)
    st.markdown(
        _(
            "A metric object holds two numbers. `update_state` adds a batch to both: its sum to `total`, its images to "
            "`count`. `result()` is `total / count`, and `reset_state()` sets both to 0."
        )
    )
    picture, knobs = st.columns([2, 1], gap="medium")
    with knobs:
        measure = controls.choice("train_metric", _("Metric"), names=settings.said(settings.MEASURES))
        reset = controls.flag(
            "train_reset",
            _("reset_state() before each epoch"),
            _("As fit does it, and as a loop of your own must. Off: see what the second epoch shows."),
        )
        at = _batch(run, len(rows))
    collected = metric_collection.collect(rows, measure, reset)
    with knobs:
        _numbers(collected, at)
    with picture:
        _picture(run, rows, collected, measure, at)
    _table(rows, collected, measure, at)
    _verdict(run, rows, measure, reset)
    with st.expander(_("The same in TensorFlow")):
        source_code.python(metric_collection.as_code(run.id, measure, reset))


def _batch(run: Run, done: int) -> int:
    """The chosen batch, from 0; the newest where the run is not that far."""
    every = run.spec.epochs * run.spec.batches
    if every == 1:
        return 0
    help = _("Batches of the whole run, one after the other. At the right end: the newest.")
    chosen = controls.slider("train_batch", _("After batch"), help, high=every)
    if chosen > done:
        st.caption(_("Here: batch {number:,}, the newest.", number=done))
    return min(chosen, done) - 1


def _numbers(collected: Collected, at: int) -> None:
    with st.container(horizontal=True, gap="medium"):
        for label, value in (
            (_("This batch alone"), f"{collected.alone[at]:.4f}"),
            ("total", f"{collected.total[at]:,.2f}"),
            ("count", f"{collected.count[at]:,.0f}"),
            ("result()", f"{collected.result[at]:.4f}"),
        ):
            st.metric(label, value, width="content")


def _picture(run: Run, rows: np.ndarray, collected: Collected, measure: str, at: int) -> None:
    shown = np.union1d(metric_collection.places(rows), [at])
    x = rows[:, 0] + (rows[:, 1] + 1) / run.spec.batches
    chart = training_curves.collecting(
        (x[shown], collected.alone[shown]),
        (x[shown], collected.result[shown]),
        history.epoch_curve(run.epochs(), measure),
        (x[at], collected.result[at]),
        measure,
        float(run.spec.epochs),
        colours.of(run),
    )
    charts.show(chart, config=training_curves.CONFIG, key="metric_curve")


def _table(rows: np.ndarray, collected: Collected, measure: str, at: int) -> None:
    of_batch = _("{measure} of the batch", measure=_(settings.MEASURES[measure]).lower())
    head = (_("epoch"), _("batch"), _("images"), of_batch, "total", "count", "result()")
    lines = [
        (
            f"{rows[batch, 0] + 1:.0f}",
            f"{rows[batch, 1] + 1:.0f}",
            f"{collected.images[batch]:.0f}",
            f"{collected.alone[batch]:.4f}",
            f"{collected.total[batch]:,.2f}",
            f"{collected.count[batch]:,.0f}",
            f"{collected.result[batch]:.4f}",
        )
        for batch in range(max(0, at - _ROWS + 1), at + 1)
    ]
    st.html(tables.html(_("The last batches"), head, lines, numbers=range(len(head))))


def _verdict(run: Run, rows: np.ndarray, measure: str, reset: bool) -> None:
    """What is left at the end of the latest whole epoch, with and without reset."""
    ends = np.flatnonzero(rows[:, 1] == run.spec.batches - 1)
    if len(ends) < 2:
        st.caption(_("From the second epoch on it makes a difference whether the metric was reset."))
        return
    last, epoch = ends[-1], int(rows[ends[-1], 0]) + 1
    with_reset, without = (
        text.number(metric_collection.collect(rows, measure, choice).result[last]) for choice in (True, False)
    )
    st.caption(
        _(
            "At the end of epoch {epoch} result() is {with_reset} with a reset before each epoch: the mean over this "
            "epoch, which history holds. Without, it is {without}: the mean over everything since the first batch.",
            epoch=epoch,
            with_reset=with_reset,
            without=without,
        )
    )
