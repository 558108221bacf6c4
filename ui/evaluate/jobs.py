"""Evaluations in the background: one at a time for the whole server, kept, and watched by the pages.

Ten thousand images take seconds. In a page's own run they would be lost with the next touch of a widget.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FuturesTimeoutError
from dataclasses import dataclass, field

import streamlit as st

import words
from core.data import mnist
from core.network import evaluation
from core.network.evaluation import Evaluation, EvaluationError
from core.network.network import NetworkError
from core.runs.folders import RunError
from ui.shared import models, networks
from ui.shared.networks import Chosen
from words import _, using

# failures that come with a sentence of their own
_FORESEEN = (EvaluationError, NetworkError, RunError)
# one result holds 600 kB
_MOST = 16
# a job that nobody has looked at for so long, when its turn comes, is not worth the others' wait
_ABANDONED_S = 5.0


@dataclass(frozen=True)
class Read:
    """Weights that were read: those after `epoch`, or, `within`, newer ones from before the end of the next."""

    epoch: int
    within: bool = False

    def __str__(self) -> str:
        if self.within:
            return _("its newest weights, from within epoch {epoch}", epoch=self.epoch + 1)
        if self.epoch:
            return _("its weights after epoch {epoch}", epoch=self.epoch)
        return _("the weights it started from")


@dataclass(eq=False)
class Job:
    """One evaluation: how far it is, and its result once `future` is done.

    `read`: which weights were read, None for the shipped network; `seconds`: how long the evaluation took; `language`:
    what a failure is said in.
    """

    wanted: Chosen
    total: int
    done: int = 0
    read: Read | None = None
    seconds: float = 0.0
    language: str = field(default_factory=words.language)
    future: Future = field(default_factory=Future)
    looked: float = field(default_factory=time.monotonic)

    @property
    def weights(self) -> str:
        """Which weights were read, in words."""
        return str(self.read or "")

    def work(self) -> None:
        """Evaluate; the outcome, a failure as well, goes to `future`."""
        with using(self.language):
            self._work()

    def told_otherwise(self) -> bool:
        """Whether it has failed, and says so in another language than that of whoever asks."""
        return self.language != words.language() and self.future.done() and bool(self.future.exception())

    def _work(self) -> None:
        try:
            # the weights may be newer by the time they are read than they are when this is said, never older
            self.read = _read(self.wanted)
            model, half = models.model(self.wanted), mnist.half("test")
            start = time.perf_counter()
            found = evaluation.evaluate(model, half.images, half.labels, self._progress)
            self.seconds = time.perf_counter() - start
        except Exception as error:  # whoever waits must hear of it
            if not isinstance(error, _FORESEEN):
                logging.getLogger(__name__).exception("evaluation of %s failed", self.wanted)
            self.future.set_exception(error)
        else:
            self.future.set_result(found)

    def _progress(self, done: int, total: int) -> None:
        self.done, self.total = done, total


def _weights(wanted: Chosen) -> str:
    """Which epoch's weights these are, in words; empty for the shipped network."""
    return str(_read(wanted) or "")


def _read(wanted: Chosen) -> Read | None:
    if wanted.run is None:
        return None
    if wanted.epoch != networks.NEWEST:
        return Read(wanted.epoch)
    newest = wanted.run.newest()
    if newest is not None and newest.stem.isdecimal():
        return Read(int(newest.stem))
    at, last = wanted.run.state, wanted.run.spec.epochs
    if at.epoch and (at.epoch >= last or not at.batch):  # no batch of the next epoch yet, or there is none
        return Read(min(at.epoch, last))
    return Read(at.epoch, within=True)


class Evaluations:
    """All jobs by network, oldest first; finished ones are dropped where there are too many."""

    def __init__(self):
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="evaluation")
        self._lock = threading.Lock()
        self._jobs: OrderedDict[Chosen, Job] = OrderedDict()

    def job(self, wanted: Chosen) -> Job:
        """The job for this network, started where there is none."""
        with self._lock:
            job = self._jobs.get(wanted)
            if job is None or job.told_otherwise():
                job = self._jobs[wanted] = Job(wanted, len(mnist.half("test").labels))
                self._pool.submit(self._turn, job)
                self._forget()
            self._jobs.move_to_end(wanted)
            job.looked = time.monotonic()
            return job

    def drop(self, wanted: Chosen) -> None:
        """Forget a finished job, so that the next look starts it anew."""
        with self._lock:
            if wanted in self._jobs and self._jobs[wanted].future.done():
                del self._jobs[wanted]

    def _turn(self, job: Job) -> None:
        with self._lock:
            if time.monotonic() - job.looked > _ABANDONED_S:
                del self._jobs[job.wanted]
                job.future.cancel()
                return
        job.work()

    def _forget(self) -> None:
        finished = [wanted for wanted, job in self._jobs.items() if job.future.done()]
        for wanted in finished[: max(0, len(self._jobs) - _MOST)]:
            del self._jobs[wanted]


@st.cache_resource(show_spinner=False)
def _evaluations() -> Evaluations:
    return Evaluations()


def job(wanted: Chosen) -> Job:
    """The evaluation of this network, running or done; looking at it starts it."""
    return _evaluations().job(wanted)


def drop(wanted: Chosen) -> None:
    """Forget a finished evaluation, a failed one for example."""
    _evaluations().drop(wanted)


def wait(wanted: Chosen, timeout_s: float = 120) -> Evaluation:
    """Start the evaluation if nobody has, and wait for it; for tests and notebooks, not for pages.

    Raises what the evaluation raised, TimeoutError where it takes longer.
    """
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            return job(wanted).future.result(1.0)
        except CancelledError:
            continue
        except FuturesTimeoutError:
            if time.monotonic() > deadline:
                raise TimeoutError(f"The evaluation should end within {timeout_s:g} s, and did not.") from None


def problem(finished: Job) -> str | None:
    """One sentence why a finished evaluation has no result, None where it has one."""
    error = finished.future.exception()
    if error is None:
        return None
    if isinstance(error, _FORESEEN):
        return str(error)
    return _(
        "The evaluation should end with a result and did not: {error}. The terminal says more.",
        error=type(error).__name__,
    )
