"""Whether the network is right as often as it is sure."""

from __future__ import annotations

import streamlit as st

from core.network.evaluation import Calibration, Evaluation
from core.scripts import evaluation
from ui.evaluate.jobs import Job
from ui.evaluate.overview import code, percent
from ui.shared import charts, controls
from viz import evaluation as figures

# confidence and accuracy that differ by less are called equal
_CLOSE = 0.002


def show(job: Job) -> None:
    """The reliability diagram, how many answers each bin holds, and what to look for."""
    found: Evaluation = job.future.result()
    with st.container(width=340):
        bins = controls.slider("eval_bins", "Bins", "Into how many ranges of confidence the answers are sorted.")
    measured = found.calibration(bins)
    mean = float(found.confidences.mean(dtype=float))
    drawn, words = st.columns([3, 2], gap="medium")
    with drawn:
        diagram = figures.reliability(measured.edges, measured.confidence, measured.accuracy, measured.count)
        charts.show(diagram, key="eval_reliability")
        charts.show(figures.answers(measured.edges, measured.count), key="eval_answers")
    with words:
        with st.container(horizontal=True, gap="medium"):
            st.metric("Mean confidence", percent(mean), width="content")
            st.metric("Accuracy", percent(found.accuracy), width="content")
            st.metric("Calibration error", percent(measured.error), width="content")
        st.markdown(_verdict(mean - found.accuracy))
        st.markdown(
            "**Confidence** is the probability of the predicted digit. Of the answers given with 80%, about 80% "
            "should be right. **Where a bar ends below its orange point, the network is surer than it is right**; "
            "above it, it is right more often than it dares to say."
        )
        st.markdown(
            "The **expected calibration error** is the gap between bar and point, averaged over all answers. "
            f"{_fullest(measured)}; a bin with few answers tells little, whatever its bar says."
        )
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
    return f"The bin from {low:.0%} to {high:.0%} weighs most in it: it holds {percent(share, 0)} of the answers"


def _verdict(surplus: float) -> str:
    points = f"{abs(surplus) * 100:.2f} percentage points"
    if abs(surplus) < _CLOSE:
        return f"Over all images it is about as sure as it is right: the two differ by {points}."
    return f"Over all images it is {points} " + ("surer than it is right." if surplus > 0 else "less sure than right.")
