"""Curves are means of what was measured; tables and CSV say the same."""

import csv
import io
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.network.presets import Blocks
from core.runs import folders, history
from core.training.spec import TrainingSpec
from tests.core.runs.sample_runs import trained

SPEC = TrainingSpec(
    network=Blocks(filters=(2,), convolutions=1, dense_units=4).network(), examples=1000, batch_size=100
)


def rows(count, batches=10):
    numbers = np.arange(count)
    loss = 1 / (numbers + 1)
    return np.stack([numbers // batches, numbers % batches, (numbers + 1) * 100, loss, 1 - loss, numbers * 0.5], axis=1)


@given(st.integers(0, 300), st.integers(1, 50), st.sampled_from(["loss", "accuracy"]))
def test_points_are_means_of_neighbours_and_none_is_lost(count, most, measure):
    made = rows(count)
    x, y = history.batch_curve(made, 10, measure, "seen", most)
    assert len(x) == len(y) <= most
    every = history.thinning(count, most)
    column = 3 if measure == "loss" else 4
    groups = [made[i : i + every] for i in range(0, count, every)]
    np.testing.assert_allclose(y, [group[:, column].mean() for group in groups])
    np.testing.assert_allclose(x, [group[-1, 2] for group in groups])


def test_the_axes():
    made = rows(20)
    epoch, _ = history.batch_curve(made, 10, "loss", "epoch")
    assert epoch[0] == pytest.approx(0.1) and epoch[9] == 1.0 and epoch[-1] == 2.0
    seconds, _ = history.batch_curve(made, 10, "loss", "seconds")
    assert seconds[-1] == 9.5
    lines = [{"epoch": 1, "seconds": 5.0, "val_loss": 0.5}, {"epoch": 2, "seconds": 9.0, "val_loss": 0.4}]
    for axis, expected in (("epoch", [1, 2]), ("seconds", [5, 9]), ("seen", [1000, 2000])):
        x, y = history.epoch_curve(lines, "val_loss", axis, 1000)
        assert x.tolist() == expected and y.tolist() == [0.5, 0.4]
    assert history.epoch_curve(lines, "speed")[0].size == 0


@pytest.mark.usefixtures("own_runs")
class TestRuns:
    def test_progress_and_time_left(self):
        run = folders.create(SPEC, "x")
        assert history.progress(run) == 0
        assert history.seconds_left(run) is None
        run.put_state(seen=1500, images_per_second=100.0)
        assert history.progress(run) == 0.5
        assert history.seconds_left(run) == pytest.approx(15)

    def test_differences_come_first(self):
        one = folders.create(SPEC, "a")
        other = folders.create(TrainingSpec(network=SPEC.network, examples=1000, batch_size=50, optimizer="sgd"), "b")
        table = history.differences([one, other])
        differing = [name for name, _, differ in table if differ]
        assert set(differing) == {"optimizer", "batch_size", "momentum"}
        assert [name for name, *_ in table][:3] == differing
        assert dict((name, values) for name, values, _ in table)["momentum"] == ["–", "0.9"]

    def test_csv_holds_what_was_measured(self):
        run = folders.create(SPEC, "x")
        assert history.epochs_csv(run) == "epoch\n"
        made = rows(15)
        (run.folder / "batches.f64").write_bytes(made.tobytes())
        read = list(csv.DictReader(io.StringIO(history.batches_csv(run))))
        assert [float(line["loss"]) for line in read] == made[:, 3].tolist()
        assert (read[10]["epoch"], read[10]["batch"], read[10]["seen"]) == ("2", "1", "1100")
        line = {"epoch": 1, "seconds": 2.0, **dict.fromkeys(SPEC.measures, 0.5)}
        (run.folder / "epochs.jsonl").write_text(json.dumps(line) + "\n")
        assert history.epochs_csv(run) == "epoch,seconds,loss,accuracy,val_loss,val_accuracy\n1,2.0,0.5,0.5,0.5,0.5\n"

    def test_more_workers_begin_sooner_and_none_never(self):
        trained("before", SPEC, images_per_second=100.0)
        waiting = [folders.create(SPEC, str(number)) for number in range(4)]
        each = 10 + SPEC.epochs * SPEC.examples / 100
        for places, expected in ((1, [0, 1, 2, 3]), (2, [0, 0, 1, 1]), (4, [0, 0, 0, 0])):
            found = [history.seconds_until_start(run, places) for run in waiting]
            assert found == pytest.approx([each * count for count in expected])
        assert history.seconds_until_start(waiting[0], 0) is None
