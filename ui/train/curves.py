"""The curves of one run, and what they say."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.runs import diagnosis
from core.runs import history as runs_history
from core.runs.folders import Run
from ui.shared import charts, controls
from ui.train import colours, replay, settings
from ui.train import history as train_history
from viz import training_curves
from words import N_, _

_VERDICTS = {
    "nan": (N_("Rate too large"), "red", ":material/error:"),
    "guessing": (N_("Rate too large"), "red", ":material/casino:"),
    "slow": (N_("Too slow"), "orange", ":material/hourglass_empty:"),
    "falling": (N_("Train longer"), "blue", ":material/trending_down:"),
    "overfitting": (N_("Overfitting"), "orange", ":material/unfold_more:"),
    "low": (N_("Standing still"), "orange", ":material/trending_flat:"),
    "fine": (N_("Fine"), "green", ":material/check:"),
}


def show(run: Run, over: bool) -> None:
    """As far as it has come; over: nothing changes any more by itself."""
    spec, rows, epochs = run.spec, run.batches(), run.epochs()
    if not len(rows):
        st.caption(_("The curves begin with the first batch."))
        return
    _diagnosis(diagnosis.diagnose(spec, rows, epochs, run.state.status))
    # what has ended can be watched again
    if over and controls.choice("train_view", _("Curves"), names=settings.said(settings.VIEWS)) == "replay":
        replay.show(run, rows, epochs)
    else:
        _charts(run, rows, epochs, over)
    train_history.show(run, epochs)


def _charts(run: Run, rows: np.ndarray, epochs: list[dict], over: bool) -> None:
    end = None if over else float(run.spec.epochs)
    for place, measure in zip(st.columns(2, gap="medium"), settings.MEASURES, strict=True):
        with place:
            charts.show(
                training_curves.one(of(run, measure, "epoch", rows, epochs), measure, end=end),
                config=training_curves.CONFIG,
                key=f"watch_{measure}",
            )
    every = runs_history.thinning(len(rows))
    average = _(
        "An epoch's training value is the mean over the epoch, while it learned and with Dropout on; validation comes "
        "after it, with Dropout off, so that it is often the better one."
    )
    said = [average]
    if every > 1:
        said.append(_("Each point of the thin line is the mean of {count} batches.", count=every))
    st.caption(" ".join(said))


def _diagnosis(found: diagnosis.Diagnosis | None) -> None:
    if found is None:
        st.caption(_("The curves say nothing yet: too few steps."))
        return
    label, colour, icon = _VERDICTS[found.kind]
    with st.container(border=True):
        st.markdown(f":{colour}-badge[{icon} {_(label)}] {found.words}")


def of(
    run: Run, measure: str, axis: str, rows: np.ndarray | None = None, epochs: list[dict] | None = None
) -> training_curves.Curve:
    """A run's measure as its pages draw it."""
    spec = run.spec
    rows = run.batches() if rows is None else rows
    epochs = run.epochs() if epochs is None else epochs
    return training_curves.Curve(
        run.name,
        colours.of(run),
        runs_history.batch_curve(rows, spec.batches, measure, axis),
        runs_history.epoch_curve(epochs, measure, axis, spec.examples),
        runs_history.epoch_curve(epochs, f"val_{measure}", axis, spec.examples),
    )
