"""assets/mnist.npz is MNIST, whole and unchanged, and can be built again."""

import hashlib
import struct
from pathlib import Path

import numpy as np
import pytest

from assets import build_mnist

ASSETS = Path(__file__).resolve().parent.parent / "assets"
MNIST = ASSETS / "mnist.npz"

SHAPES = {"x_train": (60000, 28, 28), "y_train": (60000,), "x_test": (10000, 28, 28), "y_test": (10000,)}

# How often each digit from 0 to 9 occurs.
COUNTS = {
    "y_train": [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
    "y_test": [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
}

# The published sums of the four files, repeated here: a slip in the build script must not hide itself.
MD5 = {
    "x_train": "6bbc9ace898e44ae57da46a324031adb",
    "y_train": "a25bea736e30d166cdddb491f175f624",
    "x_test": "2646ac647ad5339dbf082846283269ea",
    "y_test": "27ae3e4e09519cfbb04c329615203637",
}


@pytest.fixture(scope="module")
def mnist():
    with np.load(MNIST, allow_pickle=False) as archive:
        return {key: archive[key] for key in archive.files}


def as_idx(array):
    """The IDX file of an array of bytes: two zeros, 8 for bytes, the number of axes, their lengths."""
    head = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    return head + array.tobytes()


def test_keys_shapes_and_types(mnist):
    assert {key: array.shape for key, array in mnist.items()} == SHAPES
    assert {array.dtype for array in mnist.values()} == {np.dtype(np.uint8)}


@pytest.mark.parametrize("key", COUNTS)
def test_label_counts(mnist, key):
    assert np.bincount(mnist[key]).tolist() == COUNTS[key]


@pytest.mark.parametrize("key", MD5)
def test_the_original_files_can_be_put_together_again(mnist, key):
    assert hashlib.md5(as_idx(mnist[key]), usedforsecurity=False).hexdigest() == MD5[key]


def test_one_changed_pixel_is_noticed(mnist):
    changed = mnist["x_test"].copy()
    changed[0, 0, 0] ^= 1
    assert hashlib.md5(as_idx(changed), usedforsecurity=False).hexdigest() != MD5["x_test"]


def test_readme_states_the_sum_of_the_file():
    assert hashlib.sha256(MNIST.read_bytes()).hexdigest() in (ASSETS / "README.md").read_text(encoding="utf-8")


def test_the_script_writes_the_same_bytes_each_time(tmp_path):
    arrays = {"x": np.arange(12, dtype=np.uint8).reshape(3, 4), "y": np.zeros(3, np.uint8)}
    build_mnist.write_npz(tmp_path / "one.npz", arrays)
    build_mnist.write_npz(tmp_path / "two.npz", arrays)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    with np.load(tmp_path / "one.npz", allow_pickle=False) as archive:
        assert all(np.array_equal(archive[key], array) for key, array in arrays.items())


def test_the_script_reads_the_original_files(mnist, tmp_path):
    name, md5, _ = build_mnist.FILES["y_test"]
    assert md5 == MD5["y_test"]
    (tmp_path / name).write_bytes(as_idx(mnist["y_test"]))
    assert np.array_equal(build_mnist.read_idx(tmp_path, "y_test"), mnist["y_test"])


def test_the_script_names_a_missing_and_a_changed_file(tmp_path, capsys):
    output = tmp_path / "out.npz"
    assert build_mnist.main([str(tmp_path), str(output)]) == 1
    assert "train-images-idx3-ubyte cannot be read" in capsys.readouterr().err

    (tmp_path / "train-images-idx3-ubyte").write_bytes(b"not MNIST")
    assert build_mnist.main([str(tmp_path), str(output)]) == 1
    assert "train-images-idx3-ubyte is not the original MNIST file" in capsys.readouterr().err
    assert not output.exists()
