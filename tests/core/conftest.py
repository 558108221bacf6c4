"""What several tests of the core ask of the machine."""

import pytest

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
