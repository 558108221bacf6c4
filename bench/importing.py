"""A file that somebody brings: from its bytes to a network with weights, against plain Keras on the same file.

    python -m bench.importing [rounds]

The file is the shipped network, 6.7 MB. "import" is core.network.importing.import_keras with all that it takes: a
process is started, the file is checked and read there, the weights come back. "model" is the Keras model built of
them. The peer is `keras.models.load_model` in this process, which has TensorFlow loaded already. In turns.
"""

from __future__ import annotations

import statistics
import sys
import time

from core.network import importing
from core.network.saved import FILE

AIM_S = 3.0


def main() -> None:
    """Print medians, the ratio and the verdict."""
    import keras

    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    data = FILE.read_bytes()
    # whatever is only slow the first time, for both
    importing.import_keras(data).build()
    keras.models.load_model(FILE, compile=False)
    imports, models, peers = [], [], []
    for _ in range(rounds):
        start = time.perf_counter()
        imported = importing.import_keras(data)
        imports.append(time.perf_counter() - start)
        start = time.perf_counter()
        imported.build()
        models.append(time.perf_counter() - start)
        start = time.perf_counter()
        keras.models.load_model(FILE, compile=False)
        peers.append(time.perf_counter() - start)
    taken, built, peer = map(statistics.median, (imports, models, peers))
    print(f"{FILE.name}, {len(data) / 2**20:.1f} MB, {rounds} rounds in turns, medians in seconds")
    print(f"import                   {taken:5.2f}")
    print(f"model of it              {built:5.2f}")
    print(f"keras.models.load_model  {peer:5.2f}")
    print(f"import and model take {(taken + built) / peer:.1f} × Keras alone")
    print(f"import (aim ≤ {AIM_S:g} s): {'met' if taken <= AIM_S else 'MISSED'}")


if __name__ == "__main__":
    main()
