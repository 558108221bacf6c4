"""A training that is spread over two devices learns what it learns on one, with both engines."""

import subprocess
import sys

import numpy as np
import pytest

from bench.servers import ROOT
from tests.core.training import several_devices


@pytest.fixture(scope="module")
def on_two(tmp_path_factory):
    """What was learned on two devices."""
    file = tmp_path_factory.mktemp("devices") / "two.npz"
    command = [sys.executable, "-m", several_devices.__name__, "2", str(file)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return dict(np.load(file))


@pytest.mark.parametrize("engine", ["fit", "loop"])
def test_two_devices_learn_and_measure_what_one_does(on_two, engine):
    on_one, _ = several_devices.learned(engine)
    assert (on_one.pop("devices"), on_two[f"{engine} devices"]) == (1, 2)
    assert len(on_one) == 2 + 6
    for name, expected in on_one.items():
        np.testing.assert_allclose(on_two[f"{engine} {name}"], expected, rtol=1e-4, atol=1e-5, err_msg=name)
    assert np.abs(on_one["weights 0"]).max() > 0.01


def test_a_training_on_two_devices_goes_on_after_an_epoch_as_if_nothing_had_been(on_two):
    assert on_two["resumed devices"] == 2 and len(on_two["resumed epochs"]) == 1
    for place in range(6):
        expected = on_two[f"fit weights {place}"]
        np.testing.assert_allclose(on_two[f"resumed weights {place}"], expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("odd", ["batch", "last batch"])
def test_batches_that_cannot_be_split_equally_stay_whole(on_two, odd):
    assert on_two[f"odd {odd}"] == 1
