"""What scripts are put together from: parts, each of them lines with the imports that these lines need.

The scripts run in the project's folder, where the files that they read are.
"""

from __future__ import annotations

import base64
import sys
import textwrap
import zlib
from dataclasses import dataclass

import numpy as np

from core.network.network import Network
from words import _

NUMPY = "import numpy as np"
TENSORFLOW = "import tensorflow as tf"
_LINE = 96


@dataclass(frozen=True)
class Part:
    """Lines of Python, and the imports that they need, one each."""

    lines: str
    imports: tuple[str, ...] = ()

    def __add__(self, below: Part) -> Part:
        """One part: the lines of `below` right under these."""
        return Part(f"{self.lines}\n{below.lines}", (*self.imports, *below.imports))


def script(*parts: Part) -> str:
    """What the parts import, each once and in order, then the parts with a blank line between them."""
    groups: dict[int, set[str]] = {}
    for line in (line for part in parts for line in part.imports):
        groups.setdefault(_group(line), set()).add(line)
    imports = ["\n".join(sorted(groups[group], key=_is_from)) for group in sorted(groups)]
    return "\n\n".join([*imports, *(part.lines for part in parts)])


def _group(line: str) -> int:
    """Imports stand in this order: the standard library, other packages, the project."""
    package = line.split()[1].partition(".")[0]
    return 2 if package == "core" else int(package not in sys.stdlib_module_names)


def _is_from(line: str) -> tuple[bool, str]:
    return line.startswith("from"), line


def from_mnist(*lines: str) -> Part:
    """Lines that take arrays out of the open file `mnist`: its arrays are x_train, y_train, x_test and y_test."""
    same = _("the same arrays as tf.keras.datasets.mnist.load_data(), without a download")
    return Part(
        f'# {same}\nwith np.load("assets/mnist.npz") as mnist:\n' + textwrap.indent("\n".join(lines), "    "),
        (NUMPY,),
    )


def mnist_image(split: str, index: int) -> Part:
    """`image`: the digit at `index` of the half `split` ("train" or "test")."""
    return from_mnist(f'image = mnist["x_{split}"][{index}]  # uint8 (28, 28)')


def packed_image(pixels: np.ndarray) -> Part:
    """`image`: these very pixels, uint8 (28, 28), written into the script."""
    packed = base64.b64encode(zlib.compress(pixels.tobytes(), 9)).decode()
    literal = "\n".join(f'    "{line}"' for line in textwrap.wrap(packed, _LINE))
    drawn = _("what was drawn, white on black, packed")
    return Part(
        f"# {drawn}\npacked = (\n{literal}\n)\n"
        "image = np.frombuffer(zlib.decompress(base64.b64decode(packed)), np.uint8).reshape(28, 28)",
        ("import base64", "import zlib", NUMPY),
    )


def as_input(scaled: bool = True) -> Part:
    """`x`: a network's input made of `image`; scaled: see `core.network.activations.as_input`."""
    scaling, said = " / 255", _("(batch, height, width, channels)")
    if not scaled:
        scaling, said = "", _("as stored: 0 to 255")
    return Part(f'x = image[np.newaxis, ..., np.newaxis].astype("float32"){scaling}  # {said}', (NUMPY,))


def load_file(file: str) -> Part:
    """`model`: the network in a .keras file."""
    return Part(f'model = tf.keras.models.load_model("{file}", compile=False)', (TENSORFLOW,))


def build(network: Network) -> Part:
    """`model`: a network with the weights that its layers draw."""
    needs = (NUMPY, TENSORFLOW) if network.has_chosen_weights() else (TENSORFLOW,)
    return Part(network.definition(), needs)


def load_run(run_id: str, epoch: int | None = None) -> Part:
    """`model`: the network of a run after `epoch`, None for its newest weights."""
    if epoch is None:
        said = _("the network that the run trained, built anew, with its newest weights")
    else:
        said = _("the network that the run trained, built anew, with its weights after epoch {epoch}", epoch=epoch)
    where = _("run this in the project's folder")
    return Part(
        f'# {said}\nmodel = folders.find("{run_id}").model({"" if epoch is None else epoch})',
        (f"from core.runs import folders  # {where}",),
    )
