"""Files that a kill at any moment leaves readable: replaced in one step, or appended to and read without a torn end."""

from __future__ import annotations

import json
import os
import threading
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

# what numpy raises on files of arrays that are missing or damaged
UNREADABLE = (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile, zlib.error)


class FileError(RuntimeError):
    """A file that should be there and is not, or is damaged; the message is for the person at the screen."""


def write_bytes(path: Path, content: bytes) -> None:
    """Replace a file in one step."""
    partial = path.with_name(f".{path.name}.{_nobody_else()}")
    partial.write_bytes(content)
    os.replace(partial, path)


def _nobody_else() -> str:
    """Different for every process and thread that may write the same file at the same time."""
    return f"{os.getpid()}-{threading.get_ident()}"


def write_json(path: Path, values: dict) -> None:
    """Replace a JSON file in one step."""
    write_bytes(path, json.dumps(values).encode())


def write_arrays(path: Path, arrays: list[np.ndarray], **extra: np.ndarray | np.generic) -> None:
    """Replace a file of arrays in one step."""
    partial = path.with_name(f".{path.stem}.{_nobody_else()}.npz")
    named: dict[str, Any] = {**{f"{i:03d}": array for i, array in enumerate(arrays)}, **extra}
    np.savez(partial, **named)
    os.replace(partial, path)


def read_arrays(path: Path) -> list[np.ndarray]:
    """The arrays of `write_arrays` in their order, without the extra ones. Raises FileError."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            return [stored[name] for name in sorted(stored.files) if name.isdecimal()]
    except UNREADABLE as error:
        raise FileError(f"The weights in {path.parent.name}/{path.name} should be there; they are missing.") from error


def read_rows(path: Path, columns: int) -> np.ndarray:
    """float64 rows of an appended file; a half-written last row is left out."""
    try:
        content = path.read_bytes()
    except OSError:
        return np.empty((0, columns))
    rows = len(content) // (8 * columns)
    return np.frombuffer(content, np.float64, rows * columns).reshape(rows, columns)


def read_lines(path: Path) -> list[dict]:
    """JSON lines of an appended file; a half-written last line is left out."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        return []
    complete, _, _ = text.rpartition("\n")
    return [json.loads(line) for line in complete.splitlines() if line]
