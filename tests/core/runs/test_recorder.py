"""A run's clock and pace, on a clock that the test turns: what training costs counts, what a pause costs does not."""

import tempfile
from concurrent.futures import ThreadPoolExecutor, TimeoutError
from contextlib import contextmanager, suppress
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.network.presets import Blocks
from core.runs import folders
from core.runs import recorder as runs_recorder
from core.runs.writer import Writer
from core.training.devices import Devices
from core.training.loop import Checkpoint
from core.training.spec import TrainingSpec

NETWORK = Blocks(filters=(1,), convolutions=1, dense_units=1).network()
LEARNER = SimpleNamespace(
    weights=lambda: [np.zeros(1)],
    checkpoint=lambda done: Checkpoint(done, [np.zeros(1)], []),
    devices=Devices(2),
)
WINDOW_S = 6.0  # the pace is that of so many last seconds
durations = st.floats(0.01, 20)


class Clock:
    """Stands still until it is told how long something took; sleeping takes its time, then something happens."""

    def __init__(self):
        self.now = 1000.0
        self.after_sleep = lambda: None

    def monotonic(self) -> float:
        return self.now

    time = monotonic

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.after_sleep()


@contextmanager
def begun(batches: int, epochs: int = 1):
    """A recorder at the start of its first epoch of batches of 100, in a folder of its own, and the clock it reads."""
    spec = TrainingSpec(network=NETWORK, examples=100 * batches, batch_size=100, epochs=epochs)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAYER_LAB_RUNS", folder)
        clock = Clock()
        patch.setattr(runs_recorder, "time", clock)
        recorder = runs_recorder.Recorder(Writer(folders.create(spec, "clocked")))
        clock.now += 30  # importing and compiling are no training
        recorder.started(LEARNER)
        yield recorder, clock


@settings(max_examples=40)
@given(st.lists(st.tuples(st.tuples(durations, durations), durations), min_size=1, max_size=3))
def test_the_seconds_are_those_of_all_batches_and_validations_so_far(epochs):
    after_batches, after_epochs, total = [], [], 0.0
    with begun(2, len(epochs)) as (recorder, clock):
        for epoch, (batches, validation) in enumerate(epochs):
            for batch, taken in enumerate(batches):
                clock.now += taken
                total += taken
                after_batches.append(total)
                recorder.batch(epoch, batch, 0.5, 0.5)
            clock.now += validation
            total += validation
            after_epochs.append(total)
            recorder.epoch(epoch, dict.fromkeys(recorder.spec.measures, 0.5))
        assert recorder.run.batches()[:, 5] == pytest.approx(after_batches)
        assert [line["seconds"] for line in recorder.run.epochs()] == pytest.approx(after_epochs)


# in 64ths of a second, whose sums a float holds exactly: who is just inside the window is no matter of rounding
@settings(max_examples=40)
@given(st.lists(st.integers(40, 1280), min_size=2, max_size=30))
def test_the_pace_is_that_of_the_last_seconds(ticks):
    ends = np.cumsum(ticks) / 64
    with begun(len(ends)) as (recorder, clock):
        start = clock.now
        for batch, end in enumerate(ends):
            clock.now = start + end
            recorder.batch(0, batch, 0.5, 0.5)  # each takes longer than a flush waits: the state is always new
            if batch:
                inside = [i for i in range(batch) if end - ends[i] <= WINDOW_S]
                first = min(inside, default=batch - 1)  # one slow batch is better than no pace at all
                pace = 100 * (batch - first) / (end - ends[first])
                assert recorder.run.said().images_per_second == pytest.approx(pace)


def test_a_pause_counts_neither_for_the_seconds_nor_for_the_pace(monkeypatch):
    with begun(10) as (recorder, clock):
        monkeypatch.setattr(runs_recorder.turn, "give", lambda: None)
        monkeypatch.setattr(runs_recorder.turn, "take", lambda seconds: True)

        def resumed():
            clock.now += 3600
            recorder.wish = "resume"

        clock.after_sleep = resumed
        for batch in range(10):
            clock.now += 1
            recorder.wish = "pause" if batch == 4 else ""
            recorder.batch(0, batch, 0.5, 0.5)
        assert recorder.run.batches()[:, 5] == pytest.approx(np.arange(1, 11))
        assert recorder.run.said().images_per_second == pytest.approx(100)
        assert recorder.run.said().status == "running"


def test_a_stop_before_the_first_batch_is_the_last_word_though_the_training_begins_meanwhile(monkeypatch):
    with begun(10) as (recorder, _), ThreadPoolExecutor(1) as thread:
        said = []

        def gone(_):
            training = thread.submit(recorder.started, LEARNER)
            with suppress(TimeoutError):  # in a process that ends it never comes back
                training.exception(timeout=0.3)
            said.append(recorder.run.said().status)
            raise SystemExit

        monkeypatch.setattr(runs_recorder.os, "_exit", gone)
        recorder.run.command("stop")
        with pytest.raises(SystemExit):
            recorder._watch()
        assert said == ["stopped"]
