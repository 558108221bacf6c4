"""Networks that people bring: a `.keras` file, or a `.weights.h5` file and a network as text.

A file from anywhere is read in a process of its own, which has a limit of memory and of time and answers with a text
and plain numbers: a file made to break HDF5 ends that process and nothing else. What comes back is checked once more.
Why not core.runs.processes: its jobs wait for their turn behind a training, at the lowest priority.
Where Python has no `resource` (Windows) there is no limit of memory, only one of time.

The process imports numpy and h5py, not TensorFlow: see `main`.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.network import keras_file, keras_model
from core.network.network import FLOAT_BYTES, Network, NetworkError
from core.network.notation import NotationError, as_text, parse
from words import ENGLISH, _, language, using

_ROOT = Path(__file__).resolve().parents[2]
# of the process: the file, its unpacked weights, HDF5's copy and the answer may be there at once, beside Python
_MEMORY_BYTES = 4 * keras_file.MOST_BYTES + 512 * 2**20
_CPU_S = 30
# longer, for the machine may be busy
_PATIENCE_S = 120
_MOST_HEADER = 64 * 2**10
_NOTHING = {"problem": "", "text": "", "title": "", "left_out": []}


@dataclass(frozen=True, eq=False)
class Imported:
    """A network out of a file, its name in `network.title`, and its weights.

    weights: float32, read-only, in the order of `model.get_weights()`. left_out: what of the file matters to training
    only and is no part of the network, such as "dense: kernel_regularizer".
    """

    network: Network
    weights: tuple[np.ndarray, ...]
    left_out: tuple[str, ...] = ()

    def build(self):
        """The Keras model with these weights, not compiled."""
        model = self.network.build()
        model.set_weights(self.weights)
        return model


def import_keras(data: bytes) -> Imported:
    """The network in a `.keras` file. Raises NetworkError with one sentence that names what was found."""
    header, numbers = _in_child("keras", "", data)
    return _answer(header, numbers, None)


def import_weights(data: bytes, text: str) -> Imported:
    """The network that `text` describes (core.network.notation) with the weights of a `.weights.h5` file of its own.

    Raises NetworkError with one sentence where the text is no network, or the weights are those of another one.
    """
    network = _parsed(text)
    keras_model.check(network)
    header, numbers = _in_child("weights", as_text(network), data)
    return _answer(header, numbers, network)


def _parsed(text: str) -> Network:
    try:
        return parse(text)
    except NotationError as error:
        raise NetworkError(str(error)) from error


def _in_child(what: str, text: str, data: bytes) -> tuple[dict, bytes]:
    """What the process that reads `data` answers: one line of JSON, then float32 numbers."""
    if len(data) > keras_file.MOST_BYTES:
        raise NetworkError(
            _(
                "A file may have up to {most} MB, and this one has {found:,.0f}.",
                most=keras_file.MOST_BYTES >> 20,
                found=len(data) / 2**20,
            )
        )
    command = [sys.executable, "-m", "core.network.importing", what, text, language()]
    # no plugins of HDF5, and no threads that take memory for themselves
    env = {**os.environ, "HDF5_PLUGIN_PRELOAD": "::", "OPENBLAS_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}
    try:
        done = subprocess.run(
            command,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env=env,
            timeout=_PATIENCE_S,
        )
    except subprocess.TimeoutExpired as error:
        raise NetworkError(
            _("A file must be read within {most} seconds, and this one was not.", most=_PATIENCE_S)
        ) from error
    line, _end, numbers = done.stdout.partition(b"\n")
    header = _header(line) if not done.returncode else None
    if header is None:
        raise NetworkError(_("The file must be one that Keras saved, and reading it broke off: it is damaged."))
    if header["problem"]:
        raise NetworkError(header["problem"])
    return header, numbers


def _header(line: bytes) -> dict | None:
    """The first line of an answer, None where it is none."""
    try:
        header = json.loads(line[:_MOST_HEADER])
        words = [header[key] for key in ("problem", "text", "title")] + list(header["left_out"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return header if all(isinstance(word, str) for word in words) else None


def _answer(header: dict, numbers: bytes, network: Network | None) -> Imported:
    """What the process says is checked like the file itself: it read what anybody may have written."""
    if network is None:
        network = Network(_parsed(header["text"]).layers, keras_model.title(header["title"]))
        keras_model.check(network)
    shapes = network.weight_shapes()
    if len(numbers) != FLOAT_BYTES * network.parameter_count():
        raise NetworkError(_("The file must hold {count:,} weights, and it does not.", count=network.parameter_count()))
    # a view of bytes cannot be written to
    flat = np.frombuffer(numbers, "<f4")
    if not np.isfinite(flat).all():
        raise NetworkError(_("Weights must be finite numbers, and among those of this file is one that is not."))
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])[:-1]
    arrays = [part.reshape(shape) for part, shape in zip(np.split(flat, ends), shapes, strict=True)] if shapes else []
    return Imported(network, tuple(arrays), tuple(header["left_out"]))


def read_here(what: str, text: str, data: bytes) -> tuple[dict, list[np.ndarray]]:
    """What the process does: the header of its answer, and the weights. Raises NetworkError.

    what: "keras", or "weights" of the network that `text` describes.
    """
    # imported here, for the server itself needs no HDF5
    from core.network import keras_weights

    dropped: list[str] = []
    if what == "weights":
        network, weights = parse(text), data
    else:
        network, dropped, weights = keras_file.read(data)
    header = {"problem": "", "text": as_text(network), "title": network.title, "left_out": dropped}
    return header, keras_weights.read(weights, network)


def main(what: str, text: str, asked: str = ENGLISH) -> None:
    """The process: read the file from the standard input within the limits, answer on the standard output.

    asked: the language of whoever brings the file.
    """
    with using(asked):
        header, arrays = _within_limits(what, text)
    out = sys.stdout.buffer
    out.write(json.dumps(header).encode() + b"\n")
    for array in arrays:
        out.write(np.ascontiguousarray(array, "<f4").tobytes())


def _within_limits(what: str, text: str) -> tuple[dict, list[np.ndarray]]:
    # before the limit, which is for the file
    importlib.import_module("core.network.keras_weights")
    too_large = _("A file must fit in the memory set aside for it, and this one does not.")
    _limit()
    try:
        return read_here(what, text, sys.stdin.buffer.read())
    except NetworkError as error:
        return {**_NOTHING, "problem": str(error)}, []
    except MemoryError:
        return {**_NOTHING, "problem": too_large}, []


def _limit() -> None:
    try:
        import resource
    except ImportError:
        return
    limits = {"RLIMIT_AS": _MEMORY_BYTES, "RLIMIT_CPU": _CPU_S, "RLIMIT_FSIZE": 0, "RLIMIT_CORE": 0}
    for name, most in limits.items():
        # a system may refuse a limit that it does not know (macOS: of memory)
        try:
            resource.setrlimit(getattr(resource, name), (most, most))
        except (AttributeError, OSError, ValueError):
            continue


if __name__ == "__main__":
    main(*sys.argv[1:])
