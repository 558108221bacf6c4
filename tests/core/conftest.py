"""What several tests of the core ask of the machine."""

import numpy as np
import pytest

from core.data import mnist
from core.network.presets import Blocks
from core.training import precision
from core.training.spec import TrainingSpec


@pytest.fixture(scope="session")
def needs_bfloat16():
    """Skips where oneDNN was told to do without instructions that TensorFlow sees and counts on: it then refuses every
    convolution in bfloat16, which it does on no real processor."""
    spec = TrainingSpec(network=Blocks(filters=(2,), convolutions=1, dense_units=4).network())
    if "mixed_bfloat16" not in precision.measure(spec):
        pytest.skip("oneDNN was told not to compute in bfloat16 here")


@pytest.fixture(params=precision.POLICIES)
def policy(request):
    """Each dtype policy that the machine can compute in."""
    if request.param == "mixed_bfloat16":
        request.getfixturevalue("needs_bfloat16")
    return request.param


@pytest.fixture(scope="session")
def folder_of_few(tmp_path_factory):
    """A folder whose `assets/mnist.npz` has the first and the last two thousand images of each half."""
    folder = tmp_path_factory.mktemp("few")
    (folder / "assets").mkdir()
    halves = {name: mnist.half(name) for name in mnist.SPLITS}
    images = {f"x_{name}": np.concatenate([half.images[:2000], half.images[-2000:]]) for name, half in halves.items()}
    labels = {f"y_{name}": np.concatenate([half.labels[:2000], half.labels[-2000:]]) for name, half in halves.items()}
    np.savez(folder / "assets" / "mnist.npz", **images, **labels)
    return folder


@pytest.fixture
def among_few_images(folder_of_few, monkeypatch):
    """For scripts that train on the first few hundred images and measure on the last: with all of them more than half
    of a script's time would go to 60,000 images that it does not look at."""
    monkeypatch.chdir(folder_of_few)
