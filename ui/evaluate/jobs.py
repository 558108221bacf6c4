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

from core.data import mnist
from core.network import evaluation
from core.network.evaluation import Evaluation, EvaluationError
from core.network.network import NetworkError
from core.runs.folders import RunError
from ui.shared import networks
from ui.shared.networks import Chosen

# failures that come with a sentence of their own
_FORESEEN = (EvaluationError, NetworkError, RunError)
# one result holds 600 kB
_MOST = 16
# a job that nobody has looked at for so long, when its turn comes, is not worth the others' wait
_ABANDONED_S = 5.0


@dataclass(eq=False)
class Job:
    """One evaluation: how far it is, and its result once `future` is done.

    `weights` says which weights were read, and `seconds` how long the evaluation took.
    """

    wanted: Chosen
    total: int
    done: int = 0
    weights: str = ""
    seconds: float = 0.0
    future: Future = field(default_factory=Future)
    looked: float = field(default_factory=time.monotonic)

    def work(self) -> None:
        """Evaluate; the outcome, a failure as well, goes to `future`."""
        try:
            # the weights may be newer by the time they are read than they are when this is said, never older
            self.weights = _weights(self.wanted)
            model, half = networks.model(self.wanted), mnist.half("test")
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
    if wanted.run is None:
        return ""
    if wanted.epoch != networks.NEWEST:
        return _after(wanted.epoch)
    newest = wanted.run.newest()
    if newest is not None and newest.stem.isdecimal():
        return _after(int(newest.stem))
    at, last = wanted.run.state, wanted.run.spec.epochs
    if at.epoch and (at.epoch >= last or not at.batch):  # no batch of the next epoch yet, or there is none
        return _after(min(at.epoch, last))
    return f"its newest weights, from within epoch {at.epoch + 1}"


def _after(epoch: int) -> str:
    return f"its weights after epoch {epoch}" if epoch else "the weights it started from"


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
            if job is None:
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
    return f"The evaluation should end with a result and did not: {type(error).__name__}. The terminal says more."
