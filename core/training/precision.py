"""Which dtype policy trains faster on this machine: measured, one step each, never guessed from a name."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import time
from pathlib import Path

import numpy as np

from core.network.network import CLASSES, INPUT_SHAPE
from core.network.notation import as_design
from core.storage import files
from core.training.spec import TrainingSpec

POLICIES = ("float32", "mixed_bfloat16")
_STEPS = 3
_IMAGES = 32  # enough for the pace of a step; processors without bfloat16 take seconds for more
_HOPELESS = 2.0
_SWITCHES = ("MAX_CPU_ISA", "CPU_ISA_HINTS", "DEFAULT_FPMATH_MODE")
# With these somebody may keep TensorFlow from instructions that the processor has: other policies may then be faster.
# oneDNN still reads the older names, DNNL_….
_ONEDNN = (
    "TF_ENABLE_ONEDNN_OPTS",
    *(f"{library}_{name}" for library in ("ONEDNN", "DNNL") for name in _SWITCHES),
)


def choose(spec: TrainingSpec, memory: Path | None = None) -> tuple[str, dict[str, float]]:
    """The policy to train `spec` with, and seconds a step for each that was measured.

    "auto" takes the faster one; a named one is taken as it is, and nothing is measured. memory: a JSON file in which
    measurements are kept, for each kind of network and machine.
    """
    if spec.precision != "auto":
        return spec.precision, {}
    known = _read(memory)
    key = _key(spec)
    if key not in known:
        known[key] = measure(spec)
        _write(memory, known)
    seconds = known[key]
    return min(seconds, key=seconds.__getitem__), seconds


def measure(spec: TrainingSpec) -> dict[str, float]:
    """Seconds of one training step under each policy: the best of a few, after one that compiles. A policy that takes
    twice as long as the one before is not tried again, and one that this machine cannot compute is left out."""
    import tensorflow as tf

    rng = np.random.default_rng(0)
    images = rng.random((_IMAGES, *INPUT_SHAPE), np.float32)
    labels = rng.integers(0, CLASSES, _IMAGES)
    seconds: dict[str, float] = {}
    for policy in POLICIES:
        times = []
        try:
            for taken in _steps(spec, policy, images, labels):
                times.append(taken)
                if len(times) == _STEPS or taken > _HOPELESS * min(seconds.values(), default=taken):
                    break
        except tf.errors.OpError:
            # with ONEDNN_MAX_CPU_ISA below the processor, oneDNN refuses the bfloat16 that TensorFlow asks of it
            if not seconds:
                raise
            continue
        seconds[policy] = min(times)
    return seconds


def _steps(spec: TrainingSpec, policy: str, images: np.ndarray, labels: np.ndarray):
    """Seconds of one step after the other, for as long as somebody asks."""
    from core.training import loop

    model = spec.seeded.build(policy)
    model.compile(loop.optimizer(spec), "sparse_categorical_crossentropy")
    model.train_on_batch(images, labels)
    while True:
        start = time.perf_counter()
        model.train_on_batch(images, labels)
        yield time.perf_counter() - start


def _key(spec: TrainingSpec) -> str:
    import tensorflow as tf

    limited = [os.environ.get(name) for name in _ONEDNN]
    told = (tf.__version__, platform.machine(), _processor(), limited, as_design(spec.network))
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def _processor() -> str:
    """What the processor calls itself and can do: two with one name may differ in their instructions."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:  # not Linux
        return platform.processor()
    return "".join(dict.fromkeys(line for line in lines if line.startswith(("model name", "flags", "Features"))))


def _read(memory: Path | None) -> dict[str, dict[str, float]]:
    try:
        return json.loads(memory.read_text(encoding="utf-8")) if memory else {}
    except (OSError, ValueError):
        return {}


def _write(memory: Path | None, known: dict) -> None:
    if memory:
        files.write_json(memory, known)
