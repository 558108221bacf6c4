"""Parts of scripts: what each leaves when it is run, and how they are put together."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from core.data import mnist
from core.network import activations, saved
from core.network.presets import PRESETS
from core.scripts import parts, predict
from core.scripts.parts import Part

ROOT = Path(__file__).resolve().parents[3]


def run(code):
    namespace = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        exec(code, namespace)
    return namespace


def test_imports_come_first_each_once_and_in_order():
    """The order is that of the linter: the standard library, packages, the project; `import` before `from`."""
    one = Part("x = 1", ("import numpy as np", "from core.runs import folders  # why", "import zlib"))
    two = Part("y = 2", ("from itertools import islice", "import base64", "import numpy as np", "import keras"))
    assert parts.script(one, two) == (
        "import base64\nimport zlib\nfrom itertools import islice\n\nimport keras\nimport numpy as np\n\n"
        "from core.runs import folders  # why\n\nx = 1\n\ny = 2"
    )


def test_a_sum_has_no_blank_line():
    assert Part("x = 1", ("import a",)) + Part("y = 2", ("import b",)) == Part("x = 1\ny = 2", ("import a", "import b"))


def test_parts_without_imports_are_their_lines():
    assert parts.script(Part("x = 1"), Part("y = 2")) == "x = 1\n\ny = 2"


@pytest.mark.parametrize("scaled", [True, False])
@pytest.mark.parametrize(("split", "index"), [("train", 59_999), ("test", 0)])
def test_an_image_of_mnist_becomes_the_input(split, index, scaled):
    found = run(parts.script(parts.mnist_image(split, index) + parts.as_input(scaled)))
    image = mnist.sample(split, index).image
    np.testing.assert_array_equal(found["image"], image)
    np.testing.assert_allclose(found["x"][0], activations.as_input(image, scaled), rtol=1e-6)
    assert found["x"].shape == (1, 28, 28, 1) and found["x"].dtype == np.float32


@given(arrays.arrays(np.uint8, (28, 28), elements=st.integers(0, 255)))
@settings(max_examples=25, deadline=None)
def test_a_packed_image_is_the_same_image(pixels):
    found = run(parts.script(parts.packed_image(pixels)))["image"]
    np.testing.assert_array_equal(found, pixels)
    assert found.dtype == np.uint8


@pytest.mark.parametrize(
    "image", [parts.mnist_image("test", 3), parts.packed_image(mnist.sample("test", 3).image)], ids=["mnist", "packed"]
)
def test_the_answer_is_that_of_the_network(image, capsys):
    found = run(predict.as_code(image, parts.load_file("assets/basic_cnn.keras")))["probabilities"]
    (expected,) = saved.predict(saved.load_pretrained(), mnist.sample("test", 3).image)
    np.testing.assert_allclose(found, expected, atol=1e-6)
    best = f"{expected.argmax()} {expected.max():.4%}"
    assert capsys.readouterr().out.splitlines()[-3] == best


def test_the_answer_of_a_network_that_the_script_builds():
    """Its lines give names to layers, and the picture keeps its own."""
    network = PRESETS["LeNet-5"]
    found = run(predict.as_code(parts.mnist_image("test", 3), parts.build(network)))["probabilities"]
    (expected,) = saved.predict(network.build(), mnist.sample("test", 3).image)
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_scripts_open_mnist_in_one_place():
    found = [path.name for folder in ("core", "ui") for path in (ROOT / folder).rglob("*.py") if _opens(path)]
    assert found == ["parts.py"]


def _opens(path):
    return 'np.load("assets/mnist.npz")' in path.read_text(encoding="utf-8")
