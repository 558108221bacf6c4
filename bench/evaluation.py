"""Evaluating MNIST's 10,000 test images, against Keras' own `evaluate`.

    python -m bench.evaluation [rounds]

Both read the shipped network and the same images, in turns. Keras' `evaluate` gets them at batch 500, compiled with
the loss and accuracy; ours returns every probability as well. In every second round ours is first.
"""

from __future__ import annotations

import os
import statistics
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

from core.data import mnist
from core.network import evaluation, saved

AIM = 1.0
KERAS_BATCH = 500


def seconds(work) -> float:
    """Duration of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Print medians and their ratio."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    half, model = mnist.half("test"), saved.load_pretrained()
    images = saved.as_batch(half.images)
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    work = {
        "keras": lambda: model.evaluate(images, half.labels, batch_size=KERAS_BATCH, verbose=0),
        "ours": lambda: evaluation.evaluate(model, half.images, half.labels),
    }
    loss, accuracy = work["keras"]()  # the first call also builds the function that the later ones use
    found = work["ours"]()
    times = {name: [] for name in work}
    for i in range(rounds):
        for name in sorted(work, reverse=bool(i % 2)):
            times[name].append(seconds(work[name]))
    keras, ours = (statistics.median(times[name]) for name in work)
    print(f"{len(half.labels):,} images, {rounds} rounds in turns, medians in seconds")
    print(f"keras evaluate, batch {KERAS_BATCH}  {keras:5.2f}   loss {loss:.6f}, accuracy {accuracy:.4f}")
    print(f"evaluation.evaluate         {ours:5.2f}   loss {found.loss:.6f}, accuracy {found.accuracy:.4f}")
    ratio = ours / keras
    print(f"{ratio:.2f} × Keras (aim ≤ {AIM:g}): {'met' if ratio <= AIM else 'MISSED'}")


if __name__ == "__main__":
    main()
