"""The longest design that people make: from its text to its drawing, against the drawing alone of a network of six.

    python -m bench.network [rounds]

A text of 40 layers is parsed, all its shapes and costs are traced, and its diagram is made (viz/architecture.py), as
the Network page does at each change of a letter. The peer is the same for the six layers of LeNet-5's size that
everybody starts with; in turns. The browser's part is not in it.
"""

from __future__ import annotations

import statistics
import sys
import time

from core.network import notation
from ui.network import costs
from viz import architecture

AIM_MS = 20.0
ROUNDS = 100
BLOCK = "Conv2D 16 3 same - BatchNormalization - ReLU - DepthwiseConv2D 3 same"
LONG = " - ".join(["Conv2D 8 3 same", *[BLOCK] * 9, "Flatten", "Dropout 0.2", "Dense 10 softmax"])
SHORT = "Conv2D 8 3 same - ReLU - MaxPool2D - Flatten - Dense 32 relu - Dense 10 softmax"
PARTS = ("parse", "trace", "draw")


def milliseconds(text: str) -> list[float]:
    """Of each of `PARTS`."""
    start = time.perf_counter()
    network = notation.parse(text)
    parsed = time.perf_counter()
    stages = network.trace()
    traced = time.perf_counter()
    architecture.diagram(costs.boxes(stages), "light")
    return [1000 * (end - begin) for begin, end in ((start, parsed), (parsed, traced), (traced, time.perf_counter()))]


def main() -> None:
    """Print medians, the ratio and the verdict."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    layers = len(notation.parse(LONG))
    if layers != 40:
        raise SystemExit(f"The long network should have 40 layers, and has {layers}.")
    milliseconds(LONG), milliseconds(SHORT)
    taken: dict[str, list[list[float]]] = {LONG: [], SHORT: []}
    for _ in range(rounds):
        for text, found in taken.items():
            found.append(milliseconds(text))
    sums = {text: statistics.median(sum(parts) for parts in found) for text, found in taken.items()}
    print(
        f"{layers} layers, {rounds} rounds in turns with one of {len(notation.parse(SHORT))}, medians in milliseconds"
    )
    for i, part in enumerate(PARTS):
        print(f"{part:6} {statistics.median(parts[i] for parts in taken[LONG]):6.2f}")
    verdict = "met" if sums[LONG] <= AIM_MS else "MISSED"
    print(f"all    {sums[LONG]:6.2f} (aim ≤ {AIM_MS:g}): {verdict}; {sums[LONG] / sums[SHORT]:.1f} × the short one")


if __name__ == "__main__":
    main()
