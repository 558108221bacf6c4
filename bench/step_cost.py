"""What one training step takes, against what core.training.cost estimates before anything is built.

    python -m bench.step_cost

Each network in a process of its own, in float32: seconds of the best of three steps, and memory that the process took
more than for a step of eight images. The estimate is for a small machine, so it should be the larger one: ratios say by
how much. Short steps, and layers that move more numbers than they multiply, take longer than it says.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time

import numpy as np

from bench import servers
from core.network.notation import parse
from core.training import cost, loop
from core.training.optimizers import OPTIMIZERS
from core.training.spec import TrainingSpec

DEEP = " - ".join(["Conv2D 64 3 same relu"] * 4) + " - GlobalAveragePooling2D - Dense 10 softmax"
MOBILE = (
    "DepthwiseConv2D 3 depth_multiplier 16 - BatchNormalization - ReLU - "
    "DepthwiseConv2D 3 - BatchNormalization - ReLU - Conv2D 64 1 - GlobalAveragePooling2D - Dense 10 softmax"
)
CASES = {
    "Basic_CNN, 128": ("Basic_CNN", 128),
    "Basic_CNN, 512": ("Basic_CNN", 512),
    "LeNet-5, 512": ("LeNet-5", 512),
    "four convolutions, 256": (DEEP, 256),
    "Dense only, 512": ("Flatten - Dense 4096 relu - Dense 2048 relu - Dense 10 softmax", 512),
    "depthwise, 256": (MOBILE, 256),
}
_STEPS, _FEW = 3, 8


def measured(text: str, batch_size: int) -> dict[str, float]:
    """Seconds and bytes of one step."""
    spec = TrainingSpec(network=parse(text), batch_size=batch_size)
    model = spec.seeded.build()
    model.compile(loop.optimizer(spec), loop.loss(spec))
    _step(model, _FEW)
    before = _peak()
    _step(model, batch_size)  # compiles for this size
    seconds = min(_step(model, batch_size) for _ in range(_STEPS))
    return {"seconds": seconds, "bytes": _peak() - before}


def _step(model, images: int) -> float:
    rng = np.random.default_rng(0)
    x, y = rng.random((images, 28, 28, 1), np.float32), rng.integers(0, 10, images)
    start = time.perf_counter()
    model.train_on_batch(x, y)
    return time.perf_counter() - start


def _peak() -> int:
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    """Print a line for each network."""
    for name, (text, batch_size) in CASES.items():
        code = (
            f"import json; from bench import step_cost; print(json.dumps(step_cost.measured({text!r}, {batch_size})))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=servers.ROOT,
            check=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        found = json.loads(done.stdout.splitlines()[-1])
        network = parse(text)
        seconds = cost.step_seconds(network, batch_size)
        size = cost.step_bytes(network, batch_size, OPTIMIZERS["adam"].slots)
        print(
            f"{name:24} {found['seconds']:6.2f} s, estimated {seconds:6.2f} ({seconds / found['seconds']:5.1f} ×)   "
            f"{found['bytes'] / 2**20:6.0f} MB, estimated {size / 2**20:6.0f} ({size / max(1, found['bytes']):5.1f} ×)",
            flush=True,
        )


if __name__ == "__main__":
    main()
