"""Whether the network is right as often as it is sure."""

from __future__ import annotations

import streamlit as st

from core.network.evaluation import Calibration, Evaluation
from core.scripts import evaluation
from ui.evaluate.jobs import Job
from ui.evaluate.overview import code, percent
from ui.shared import charts, controls
from viz import evaluation as figures
from words import _

# confidence and accuracy that differ by less are called equal
_CLOSE = 0.002


def show(job: Job) -> None:
    """The reliability diagram, how many answers each bin holds, and what to look for."""
    found: Evaluation = job.future.result()
    with st.container(width=340):
        bins = controls.slider("eval_bins", _("Bins"), _("Into how many ranges of confidence the answers are sorted."))
    measured = found.calibration(bins)
    mean = float(found.confidences.mean(dtype=float))
    drawn, words = st.columns([3, 2], gap="medium")
    with drawn:
        diagram = figures.reliability(measured.edges, measured.confidence, measured.accuracy, measured.count)
        charts.show(diagram, key="eval_reliability")
        charts.show(figures.answers(measured.edges, measured.count), key="eval_answers")
    with words:
        with st.container(horizontal=True, gap="medium"):
            st.metric(_("Mean confidence"), percent(mean), width="content")
            st.metric(_("Accuracy"), percent(found.accuracy), width="content")
            st.metric(_("Calibration error"), percent(measured.error), width="content")
        st.markdown(_verdict(mean - found.accuracy))
        st.markdown(
            _(
                "**Confidence** is the probability of the predicted digit. Of the answers given with 80%, about 80% "
                "should be right. **Where a bar ends below its orange point, the network is surer than it is right**; "
                "above it, it is right more often than it dares to say."
            )
        )
        error = _("The **expected calibration error** is the gap between bar and point, averaged over all answers.")
        st.markdown(f"{error} {_fullest(measured)}")
        st.caption(
            "Naeini, Cooper and Hauskrecht, *Obtaining well calibrated probabilities using Bayesian binning*, 2015; "
            "Guo, Pleiss, Sun and Weinberger, *On calibration of modern neural networks*, 2017."
        )
    code(job, evaluation.calibration(bins))


def _fullest(measured: Calibration) -> str:
    """Which bin decides."""
    at = int(measured.count.argmax())
    low, high = measured.edges[at : at + 2]
    share = measured.count[at] / measured.count.sum()
    return _(
        "The bin from {low:.0%} to {high:.0%} weighs most in it: it holds {share} of the answers; a bin with few "
        "answers tells little, whatever its bar says.",
        low=low,
        high=high,
        share=percent(share, 0),
    )


def _verdict(surplus: float) -> str:
    points = abs(surplus) * 100
    if abs(surplus) < _CLOSE:
        return _(
            "Over all images it is about as sure as it is right: the two differ by {points:.2f} percentage points.",
            points=points,
        )
    if surplus > 0:
        return _("Over all images it is {points:.2f} percentage points surer than it is right.", points=points)
    return _("Over all images it is {points:.2f} percentage points less sure than right.", points=points)
