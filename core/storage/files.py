"""Files that a kill at any moment leaves readable: replaced in one step, or appended to and read without a torn end."""

from __future__ import annotations

import json
import os
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy

from core.storage import rounding
from words import _

# bytes of what stands before the numbers of an array; what Python reads in it is bounded by that
_MOST_HEADER = 1024
# behind the name of an array that is kept in steps: their sizes
_STEP = "_step"
_HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


class FileError(RuntimeError):
    """A file that should be there and is not, or is damaged; the message is for the person at the screen."""


class MissingError(FileError):
    """There is no such file."""


def write_bytes(path: Path, content: bytes, lasting: bool = False) -> None:
    """Replace a file in one step; lasting: once this returns, a power cut does not undo it."""
    with replacing(path, path.name, lasting) as partial:
        partial.write_bytes(content)


@contextmanager
def replacing(path: Path, name: str, lasting: bool = False) -> Iterator[Path]:
    """A hidden file beside `path` to write to, which then takes its place; nothing is left of it where that fails.

    name: the end of the hidden file's name. lasting: as for `write_bytes`.
    """
    # different for every process and thread that may write the same file at the same time
    partial = path.with_name(f".{os.getpid()}-{threading.get_ident()}.{name}")
    try:
        yield partial
        if lasting:
            sync(partial)
        os.replace(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    if lasting:
        sync(path.parent)


def sync(path: Path) -> None:
    """Wait until the disk has a file, or the names in a folder, as they are now."""
    if sys.platform == "win32":
        # a folder cannot be opened there, and a file only for writing
        if path.is_dir():
            return
        handle = os.open(path, os.O_RDWR)
    else:
        handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_json(path: Path, values: dict, lasting: bool = False) -> None:
    """Replace a JSON file in one step; lasting: as for `write_bytes`."""
    write_bytes(path, json.dumps(values).encode(), lasting)


def write_arrays(path: Path, arrays: list[np.ndarray], lasting: bool = False, **extra: np.ndarray | np.generic) -> None:
    """Replace a file of arrays in one step; lasting: as for `write_bytes`."""
    named: dict[str, Any] = {**{f"{i:03d}": array for i, array in enumerate(arrays)}, **extra}
    with replacing(path, f"{path.stem}.npz", lasting) as partial:
        np.savez(partial, **named)


def write_rounded(path: Path, arrays: list[np.ndarray], steps: int) -> None:
    """`write_arrays` in a tenth of the space: what is large is rounded (see `core.storage.rounding`). `read_arrays`
    gives all of them as float32.

    steps: between 0 and the largest value of a column.
    """
    named: dict[str, Any] = {}
    for place, array in enumerate(arrays):
        kept = rounding.rounded(array, steps)
        named[f"{place:03d}"] = kept.values
        if kept.step is not None:
            named[f"{place:03d}{_STEP}"] = kept.step
    with replacing(path, f"{path.stem}.npz") as partial:
        np.savez_compressed(partial, **named)


def read_arrays(path: Path, shapes: list[tuple[int, ...]] | None = None) -> list[np.ndarray]:
    """The arrays of `write_arrays` in their order, without the extra ones; nothing in the file is run.

    shapes: those that they must have, float32; nothing larger is read. Raises MissingError or FileError.
    """
    return _read(path, lambda file: _arrays(file, path, shapes))


def read_extra(path: Path, name: str) -> np.ndarray:
    """The extra array of this name. Raises MissingError or FileError."""
    return _read(path, lambda file: _array(file, f"{name}.npy"))


def check_arrays(path: Path, shapes: list[tuple[int, ...]]) -> None:
    """What `read_arrays` says of the shapes in a file, whose numbers are not read. Raises MissingError or FileError."""
    _read(path, lambda file: _check(file, path, shapes))


def _read(path: Path, part: Callable[[zipfile.ZipFile], Any]) -> Any:
    shown = _shown(path)
    try:
        with zipfile.ZipFile(path) as file:
            return part(file)
    except FileNotFoundError as error:
        raise MissingError(_("The weights in {file} should be there; they are missing.", file=shown)) from error
    except FileError:
        raise
    except Exception as error:  # readers of zip files and arrays raise all kinds of errors over damaged bytes
        raise FileError(_("The weights in {file} should be there; the file is damaged.", file=shown)) from error


def _arrays(file: zipfile.ZipFile, path: Path, shapes: list[tuple[int, ...]] | None) -> list[np.ndarray]:
    if shapes is not None:
        _check(file, path, shapes)
    return [_whole(file, name) for name in _names(file)]


def _whole(file: zipfile.ZipFile, name: str) -> np.ndarray:
    """An array as it was given, or as near to it as it was kept."""
    found, step = _array(file, name), _step_of(name)
    return rounding.restored(found, _array(file, step) if step in file.namelist() else None)


def _step_of(name: str) -> str:
    return f"{name.removesuffix('.npy')}{_STEP}.npy"


def _check(file: zipfile.ZipFile, path: Path, shapes: list[tuple[int, ...]]) -> None:
    found = []
    for name in _names(file):
        with file.open(name) as stream:
            shape, _fortran, dtype = _header(stream)
        is_rounded = dtype in rounding.KEPT and (dtype != np.int8 or _step_of(name) in file.namelist())
        found.append((shape, np.dtype(np.float32) if is_rounded else dtype))
    if found != [(tuple(shape), np.dtype(np.float32)) for shape in shapes]:
        wanted, came = _many(shapes), _many([shape for shape, _dtype in found])
        raise FileError(
            _(
                "The weights in {file} should fit its layers ({wanted}), and do not ({came}): "
                "a file is damaged, or belongs to another network.",
                file=_shown(path),
                wanted=wanted,
                came=came,
            )
        )


def _array(file: zipfile.ZipFile, name: str) -> np.ndarray:
    size = file.getinfo(name).file_size
    with file.open(name) as stream:
        shape, fortran, dtype = _header(stream)
        count = int(np.prod(shape, dtype=object)) if shape else 1
        # numpy would make room for whatever the header says
        if dtype.hasobject or count * dtype.itemsize > size:
            raise ValueError(f"{name} has fewer numbers than it says")
        flat = np.frombuffer(stream.read(count * dtype.itemsize), dtype, count)
        stream.read()  # its end, where the check sum is compared
    return flat.reshape(shape, order="F" if fortran else "C").copy(order="C")


def _header(stream: Any) -> tuple[tuple[int, ...], bool, np.dtype]:
    return _HEADERS[npy.read_magic(stream)](stream, max_header_size=_MOST_HEADER)


def _names(file: zipfile.ZipFile) -> list[str]:
    return sorted(name for name in file.namelist() if name.removesuffix(".npy").isdecimal())


def _shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _many(shapes: list[tuple[int, ...]]) -> str:
    """The first shapes in words."""
    if not shapes:
        return _("no arrays")
    first = [" × ".join(map(str, shape)) or "1" for shape in shapes[:3]]
    return _("{count} arrays: {shapes}", count=len(shapes), shapes=", ".join(first + ["…"] * (len(shapes) > 3)))
