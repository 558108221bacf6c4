"""Which dtype policy trains faster on this machine: measured, never guessed from a name.

A person has pressed Start and waits, so nothing is traced for it: steps are computed eagerly, and where one convolution
alone already takes far longer, as it does where a processor has no instructions for it, nothing else is computed.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from core.network.network import CLASSES, INPUT_SHAPE
from core.network.notation import as_design
from core.storage import files
from core.training.spec import TrainingSpec

POLICIES = ("float32", "mixed_bfloat16")
_STEPS = 3
_IMAGES = 32  # enough for the pace of a step
_HOPELESS = 2.0
_SWITCHES = ("MAX_CPU_ISA", "CPU_ISA_HINTS", "DEFAULT_FPMATH_MODE")
# With these somebody may keep TensorFlow from instructions that the processor has: other policies may then be faster.
# oneDNN still reads the older names, DNNL_….
_ONEDNN = (
    "TF_ENABLE_ONEDNN_OPTS",
    *(f"{library}_{name}" for library in ("ONEDNN", "DNNL") for name in _SWITCHES),
)


def choose(spec: TrainingSpec, memory: Path | None = None) -> str:
    """The policy to train `spec` with.

    "auto" takes the faster one; a named one is taken as it is, and nothing is measured. memory: a JSON file in which
    is kept what was found, for each kind of network and machine.
    """
    if spec.precision != "auto":
        return spec.precision
    known = _read(memory)
    key = _key(spec)
    if known.get(key) not in POLICIES:
        known[key] = _faster(spec)
        _write(memory, known)
    return known[key]


def _faster(spec: TrainingSpec) -> str:
    if all(map(hopeless, POLICIES[1:])):
        return POLICIES[0]
    seconds = measure(spec)
    rounds = zip(*seconds.values(), strict=False)  # those that all took part in
    fastest = [min(zip(taken, seconds, strict=True))[1] for taken in rounds]
    return max(seconds, key=fastest.count)


def measure(spec: TrainingSpec) -> dict[str, list[float]]:
    """Seconds of some training steps under each policy, after one that prepares.

    The policies take turns, since others may use the machine, and its pace then changes within a second: what is
    compared are two steps that follow each other. A policy that takes twice as long as float32 at first is not tried
    again, and one that this machine cannot compute is left out.
    """
    import tensorflow as tf

    trying = {policy: _steps(spec, policy) for policy in POLICIES}
    seconds: dict[str, list[float]] = {policy: [] for policy in POLICIES}
    for _ in range(_STEPS):
        for policy, steps in list(trying.items()):
            try:
                taken = next(steps)
            except tf.errors.OpError:
                # with ONEDNN_MAX_CPU_ISA below the processor, oneDNN refuses the bfloat16 that TensorFlow asks of it
                if policy == POLICIES[0]:
                    raise
                del trying[policy]
                continue
            seconds[policy].append(taken)
            if len(seconds[policy]) == 1 and taken > _HOPELESS * seconds[POLICIES[0]][0]:
                del trying[policy]
        if len(trying) == 1:
            break
    return {policy: taken for policy, taken in seconds.items() if taken}


def hopeless(policy: str) -> bool:
    """Whether one convolution and its gradients take this machine twice as long under the policy as in float32, or
    cannot be computed."""
    import keras
    import tensorflow as tf

    try:
        first, other = (_convolution(dtype) for dtype in ("float32", keras.DTypePolicy(policy).compute_dtype))
    except tf.errors.OpError:
        return True
    return other > _HOPELESS * first


def _convolution(dtype: str) -> float:
    """Seconds of a convolution of usual size and its gradients (a processor may be quick at the one and slow at the
    others): the best of a few, after one that prepares."""
    import tensorflow as tf

    maps, kernel = (tf.ones(shape, dtype) for shape in ((8, 28, 28, 32), (3, 3, 32, 32)))
    times = []
    for _ in range(1 + _STEPS):
        start = time.perf_counter()
        with tf.GradientTape() as tape:
            tape.watch((maps, kernel))
            made = tf.nn.conv2d(maps, kernel, 1, "SAME")
        for gradient in tape.gradient(made, (maps, kernel)):
            gradient.numpy()
        times.append(time.perf_counter() - start)
    return min(times[1:])


def _steps(spec: TrainingSpec, policy: str) -> Iterator[float]:
    """Seconds of forward pass and gradients, one after the other, for as long as somebody asks."""
    import keras
    import tensorflow as tf

    rng = np.random.default_rng(0)
    images = rng.random((_IMAGES, *INPUT_SHAPE), np.float32)
    labels = rng.integers(0, CLASSES, _IMAGES)
    model = spec.seeded.build(policy)

    def step() -> None:
        with tf.GradientTape() as tape:
            loss = keras.losses.sparse_categorical_crossentropy(labels, model(images, training=True))
        for gradient in tape.gradient(loss, model.trainable_variables):
            gradient.numpy()

    step()
    while True:
        start = time.perf_counter()
        step()
        yield time.perf_counter() - start


def _key(spec: TrainingSpec) -> str:
    import tensorflow as tf

    limited = [os.environ.get(name) for name in _ONEDNN]
    # "in turns": what was found otherwise, before, is not to be relied on
    told = ("in turns", tf.__version__, platform.machine(), _processor(), limited, as_design(spec.network))
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def _processor() -> str:
    """What the processor calls itself and can do: two with one name may differ in their instructions."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:  # not Linux
        return platform.processor()
    return "".join(dict.fromkeys(line for line in lines if line.startswith(("model name", "flags", "Features"))))


def _read(memory: Path | None) -> dict[str, str]:
    try:
        known = json.loads(memory.read_text(encoding="utf-8")) if memory else {}
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _write(memory: Path | None, known: dict) -> None:
    if memory:
        files.write_json(memory, known)
