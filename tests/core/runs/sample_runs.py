"""Runs as their processes leave them, without training anything, and what can happen to their files."""

import json
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from core.network.network import Network
from core.network.presets import Blocks
from core.runs import folders
from core.runs.folders import Run
from core.storage import files
from core.training.spec import TrainingSpec

SPEC = TrainingSpec(
    network=Blocks(filters=(2,), convolutions=1, dense_units=4).network(), examples=500, validation=500, epochs=2
)
MEASURED = {"loss": 0.5, "accuracy": 0.8, "val_loss": 0.25, "val_accuracy": 0.9125}


def trained(name: str = "done", spec: TrainingSpec = SPEC, **state: object) -> Run:
    """A finished run with the weights of every epoch, batches, epochs and a checkpoint."""
    run = folders.create(spec, name)
    models = [_weights(spec.network, epoch) for epoch in range(spec.epochs + 1)]
    for epoch, weights in enumerate(models):
        files.write_arrays(run.weights_path(epoch), weights)
    files.write_arrays(run.folder / "latest.npz", models[-1])
    count = spec.epochs * spec.batches
    rows = [(i // spec.batches, i % spec.batches, (i + 1) * 100, 1 / (i + 1), 0.5, i) for i in range(count)]
    (run.folder / "batches.f64").write_bytes(np.array(rows, float).tobytes())
    lines = [json.dumps({"epoch": i + 1, "seconds": 1.0, **MEASURED}) + "\n" for i in range(spec.epochs)]
    (run.folder / "epochs.jsonl").write_text("".join(lines))
    files.write_arrays(
        run.folder / "checkpoint.npz",
        models[-1],
        epochs_done=np.int64(spec.epochs),
        model_arrays=np.int64(len(models[-1])),
        lines=np.array(lines),
    )
    changes = {"status": "finished", "epoch": spec.epochs, "seen": spec.epochs * spec.examples, **state}
    assert run.put_state(**changes)
    return run


@lru_cache(maxsize=16)
def _weights(network: Network, seed: int) -> list[np.ndarray]:
    """The same in all tests that ask; nobody writes into them."""
    return network.seeded(seed).build().get_weights()


def text(name: str, change: Callable[[str], str]) -> Callable[[Run], None]:
    """What changes a file as text."""

    def damage(run: Run) -> None:
        path = run.folder / name
        path.write_text(change(path.read_text()))

    return damage


def raw(name: str, change: Callable[[bytes], bytes]) -> Callable[[Run], None]:
    """What changes a file's bytes; of one that is missing nothing."""

    def damage(run: Run) -> None:
        path = run.folder / name
        path.write_bytes(change(path.read_bytes() if path.exists() else b""))

    return damage


def value(name: str, /, **changes: object) -> Callable[[Run], None]:
    """What puts other values into a JSON file."""
    return text(name, lambda content: json.dumps({**json.loads(content), **changes}))


def other_weights(run: Run) -> None:
    """Weights of another shape, everywhere."""
    weights = Blocks(filters=(3,), convolutions=1, dense_units=4).network().build().get_weights()
    for path in (*(run.folder / "weights").iterdir(), run.folder / "latest.npz"):
        files.write_arrays(path, weights)


def a_folder(name: str) -> Callable[[Run], None]:
    """What puts a folder where a file should be."""

    def damage(run: Run) -> None:
        (run.folder / name).unlink()
        (run.folder / name).mkdir()

    return damage


def _nested(depth: int) -> list:
    found: list = []
    for _ in range(depth):
        found = [found]
    return found


def _training(**changes: object) -> Callable[[Run], None]:
    def change(content: str) -> str:
        asked = json.loads(content)
        return json.dumps({**asked, "training": {**asked["training"], **changes}})

    return text("spec.json", change)


# what was seen to take a page down, and its like
DAMAGES: dict[str, Callable[[Run], None]] = {
    "half a line and a newline": text("epochs.jsonl", lambda lines: lines[: len(lines) * 3 // 4] + "\n"),
    "zero bytes in the epochs": raw("epochs.jsonl", lambda lines: lines[:40] + bytes(40) + b"\n"),
    "zero bytes behind the epochs": raw("epochs.jsonl", lambda lines: lines + bytes(512) + b"\n"),
    "epochs in Latin-1": raw("epochs.jsonl", lambda lines: "für\n".encode("latin-1") + lines),
    "epochs with other keys": text("epochs.jsonl", lambda lines: '{"colour": "red"}\n' + lines),
    "epochs as a list": text("epochs.jsonl", lambda lines: "[1, 2, 3]\n" + lines),
    "epochs as strings": text("epochs.jsonl", lambda lines: lines.replace("0.9125", '"0.9125"')),
    "epochs nested": text("epochs.jsonl", lambda lines: "[" * 50_000 + "\n" + lines),
    "epochs far too large": raw("epochs.jsonl", lambda lines: b"x" * 2**20),
    "epochs beyond all numbers": text("epochs.jsonl", lambda lines: lines.replace("0.9125", "1e400")),
    "a folder of epochs": a_folder("epochs.jsonl"),
    "zero bytes in the batches": raw("batches.f64", lambda rows: rows[:96] + bytes(96)),
    "batches shifted": raw("batches.f64", lambda rows: rows[4:]),
    "batches as text": raw("batches.f64", lambda rows: b"no batches at all " * 40),
    "an unknown status": value("state.json", status="thinking"),
    "a text as epoch": value("state.json", epoch="two"),
    "null as seen": value("state.json", seen=None),
    "an infinite pace": text("state.json", lambda content: content.replace('"pid": 0', '"images_per_second": 1e999')),
    "a list as status": value("state.json", status=[]),
    "half a surrogate pair": value("state.json", message="\ud800"),
    "state as a list": text("state.json", lambda content: "[]"),
    "an empty state": text("state.json", lambda content: ""),
    "no state": lambda run: (run.folder / "state.json").unlink(),
    "a number as name": value("spec.json", name=7),
    "a list as name": value("spec.json", name=["a"]),
    "a nested name": value("spec.json", name=_nested(500)),
    "a name nested for ever": text("spec.json", lambda content: '{"name": ' + "[" * 50_000),
    "half a surrogate pair as name": value("spec.json", name="\udfff"),
    "no settings": lambda run: (run.folder / "spec.json").unlink(),
    "half the settings": text("spec.json", lambda content: content[: len(content) // 2]),
    "another network": _training(network="Flatten - Dense 10 softmax"),
    "a text as rate": _training(learning_rate="fast"),
    "an impossible network": _training(network="Conv2D 4 99 valid - Flatten - Dense 10 softmax"),
    "no training": value("spec.json", training=None),
    "a text as moment": value("spec.json", created="today"),
    "other weights": other_weights,
    "weights cut short": raw("weights/0002.npz", lambda content: content[:-100]),
    "newest weights are text": raw("latest.npz", lambda content: b"text"),
    "weights with zeros": raw("latest.npz", lambda content: content[:200] + bytes(200) + content[400:]),
    "a network that is text": raw("final.keras", lambda content: b"network"),
}
