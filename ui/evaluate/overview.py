"""Which network is judged, the evaluation while it runs, and its first figures."""

from __future__ import annotations

import math

import streamlit as st

from core.lessons.training_mistakes import EVALUATION_SLIPS
from core.network.evaluation import Evaluation
from core.scripts import evaluation
from ui.evaluate import jobs
from ui.evaluate.jobs import Job
from ui.shared import charts, mistakes, models, networks, source_code, tables, text, warmup
from ui.shared.networks import NEWEST, Chosen
from viz import evaluation as figures
from words import _

_LOOK_S = 0.5
_PINNED = "_eval_pinned"


def judged() -> Job | None:
    """The finished evaluation of the network that is chosen here; None, with words in its place, until there is one."""
    newest = networks.chosen()
    st.markdown(_("**{network}** is judged, as chosen in the sidebar.", network=newest.name))
    if problem := models.reading_problem(newest):
        st.error(problem)
        return None
    if not warmup.ready():
        warmup.wait_for_tensorflow()
        return None
    wanted = _pinned(newest)
    job = jobs.job(wanted)
    if not job.future.done():
        _progress(wanted)
        return None
    if problem := jobs.problem(job):
        st.error(text.plain(problem))
        st.button(_("Try again"), on_click=_again, args=(wanted,), key="eval_retry")
        return None
    _origin(job, newest)
    return job


def _pinned(newest: Chosen) -> Chosen:
    """The newest weights of a run that trains change every few seconds: what was evaluated once stays on screen until
    somebody asks for more."""
    before = st.session_state.get(_PINNED)
    if before and newest.run and (before.key, before.epoch) == (newest.key, newest.epoch):
        return before
    st.session_state[_PINNED] = newest
    return newest


def _again(wanted: Chosen) -> None:
    jobs.drop(wanted)
    st.session_state.pop(_PINNED, None)


@st.fragment(run_every=_LOOK_S)
def _progress(wanted: Chosen) -> None:
    """How far the evaluation is; the whole page runs again once it is done."""
    job = jobs.job(wanted)
    if job.future.done():
        st.rerun()
    if job.done:
        said = _("Evaluating: {done:,} of {total:,} images", done=job.done, total=job.total)
    else:
        said = _("Evaluating: getting ready, or waiting for its turn")
    st.progress(job.done / job.total, text=said)


def _origin(job: Job, newest: Chosen) -> None:
    """One line on what was evaluated, and the way to newer weights."""
    run = job.wanted.run
    what = f"{text.plain(run.name)}: {job.weights}" if run else job.wanted.name
    st.caption(_("{what}; {count:,} test images in {seconds:.1f} s.", what=what, count=job.total, seconds=job.seconds))
    if newest != job.wanted:
        st.button(
            _("It has learned on: evaluate its newest weights"),
            icon=":material/refresh:",
            on_click=st.session_state.pop,
            args=(_PINNED, None),
            key="eval_newest",
        )


def code(job: Job, script: str) -> None:
    """The script of a part, with the lines that load this network."""
    wanted = job.wanted
    run_id = None if wanted.run is None else wanted.key
    epoch = None if wanted.epoch == NEWEST else wanted.epoch
    st.header(_("The same in Keras"), anchor=False)
    source_code.python(f"{evaluation.load(run_id, epoch)}\n{script}")


def percent(share: float, digits: int = 2) -> str:
    """A share as per cent, "–" where there is none; what is not quite all never reads 100 %."""
    if math.isnan(share):
        return "–"
    ceiling = 1 - 10 ** -(digits + 2)
    return f"{min(share, ceiling) if share < 1 else share:.{digits}%}"


def overview(job: Job) -> None:
    """Loss and accuracy, then precision and recall of each digit."""
    found: Evaluation = job.future.result()
    with st.container(horizontal=True, gap="large", key="bar_overview"):
        wrong = int((~found.correct).sum())
        for label, value, help in (
            (
                _("Loss"),
                text.number(found.loss),
                _("Sparse categorical cross-entropy, the mean over all images: lower."),
            ),
            (
                _("Accuracy"),
                percent(found.accuracy),
                _("The share of images whose most probable digit is their label."),
            ),
            (_("Mistakes"), f"{wrong:,}", _("of {count:,} images", count=len(found.labels))),
        ):
            st.metric(label, value, help=help, width="content")
    numbers, chart = st.columns([9, 10], gap="medium")
    with numbers:
        st.markdown(tables.markdown((_("digit"), _("precision"), _("recall"), "F1", _("support")), _rows(found)))
    with chart:
        charts.show(figures.mistakes(found.missed, found.mistaken_for, _details(found)), key="eval_mistakes")
        st.markdown(
            _(
                "**Precision**: of the images taken for a digit, the share that is one; orange bars lower it. "
                "**Recall**: of the images of a digit, the share that was found; grey bars lower it. **F1** is their "
                "harmonic mean, **support** the number of images."
            )
        )
        if math.isnan(found.precision.min()):
            st.caption(_("–: a digit that is never predicted has no precision, for 0 / 0 is no number."))
    code(job, evaluation.overview())
    mistakes.collapsed(EVALUATION_SLIPS, "evaluate_slips")


def _rows(found: Evaluation) -> list[tuple[str, ...]]:
    measures = zip(found.precision, found.recall, found.f1, strict=True)
    return [
        (str(digit), *(percent(value) for value in values), f"{images:,}")
        for digit, (values, images) in enumerate(zip(measures, found.support, strict=True))
    ]


def _details(found: Evaluation) -> list[tuple[str, str]]:
    return [
        (_("recall {share}", share=percent(recall)), _("precision {share}", share=percent(precision)))
        for recall, precision in zip(found.recall, found.precision, strict=True)
    ]
