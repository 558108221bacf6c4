import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data import mnist


def test_import_stays_free_of_tensorflow():
    code = "import sys; from core.data import mnist; mnist.load(); sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_shapes_and_types_are_those_of_mnist():
    for split, count in (("train", 60_000), ("test", 10_000)):
        half = mnist.load()[split]
        assert half.images.shape == (count, 28, 28)
        assert half.images.dtype == half.labels.dtype == np.uint8
        assert half.labels.shape == (count,)


def test_first_labels_are_the_known_ones():
    assert mnist.load()["train"].labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert mnist.load()["test"].labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]


@pytest.mark.parametrize("values", ["images", "labels"])
def test_nobody_can_change_the_shared_arrays(values):
    array = getattr(mnist.load()["test"], values)
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 0
    assert not mnist.positions("test", 3).flags.writeable
    assert not mnist.sample("test", 0).image.flags.writeable
    assert not mnist.mean_images("test").flags.writeable


@pytest.mark.parametrize("split", mnist.SPLITS)
def test_positions_divide_the_split_by_digit(split):
    labels = mnist.load()[split].labels
    parts = [mnist.positions(split, digit) for digit in range(10)]
    assert all((labels[part] == digit).all() and (np.diff(part) > 0).all() for digit, part in enumerate(parts))
    assert np.array_equal(np.sort(np.concatenate(parts)), mnist.positions(split, None))
    assert mnist.class_counts(split).tolist() == [len(part) for part in parts]


def test_class_counts_are_the_published_ones():
    published = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert mnist.class_counts("test").tolist() == published


@given(st.sampled_from(mnist.SPLITS), st.integers(0, 9_999))
def test_sample_is_the_image_with_its_label(split, index):
    sample, half = mnist.sample(split, index), mnist.load()[split]
    assert np.array_equal(sample.image, half.images[index])
    assert (sample.label, sample.split, sample.index) == (half.labels[index], split, index)


def test_sample_names_the_range_then_what_came():
    with pytest.raises(ValueError, match=r"from 0 to 9999, not 10000\."):
        mnist.sample("test", 10_000)
    with pytest.raises(ValueError, match=r"from 0 to 59999, not -1\."):
        mnist.sample("train", -1)
    with pytest.raises(ValueError, match=r"one of train, test, not 'valid'\."):
        mnist.sample("valid", 0)
    with pytest.raises(ValueError, match=r"from 0 to 9, not 10\."):
        mnist.positions("test", 10)


def test_mean_images_equal_a_plain_mean():
    half = mnist.load()["test"]
    for digit, mean in enumerate(mnist.mean_images("test")):
        expected = half.images[half.labels == digit].astype(np.float64).mean(axis=0)
        np.testing.assert_allclose(mean, expected, rtol=1e-6)


@pytest.mark.parametrize("bins", [1, 2, 16, 32, 256])
def test_pixel_histogram_equals_numpy(bins):
    counts, edges = mnist.pixel_histogram("test", bins)
    expected, expected_edges = np.histogram(mnist.load()["test"].images, bins, range=(0, 256))
    assert np.array_equal(counts, expected)
    assert np.array_equal(edges, expected_edges)


@pytest.mark.parametrize("bins", [0, -2, 10, 257, 512])
def test_bins_of_unequal_width_are_refused(bins):
    with pytest.raises(ValueError, match=rf"must divide 256 .*, not {bins}\."):
        mnist.pixel_histogram("test", bins)


@given(digit=st.none() | st.integers(0, 9), size=st.integers(97, 20_000), seed=st.none() | st.integers(0, 2**32))
def test_pages_together_hold_every_image_once(digit, size, seed):
    pages = [mnist.page("test", digit, i, size, seed) for i in range(mnist.page_count("test", digit, size))]
    assert all(len(page) == size for page in pages[:-1])
    assert np.array_equal(np.sort(np.concatenate(pages)), mnist.positions("test", digit))


def test_pages_are_in_order_without_a_seed_and_repeat_with_one():
    assert mnist.page("test", None, 2, 10).tolist() == list(range(20, 30))
    shuffled = mnist.page("test", 4, 0, 50, seed=1)
    assert shuffled.tolist() == mnist.page("test", 4, 0, 50, seed=1).tolist()
    assert shuffled.tolist() != mnist.page("test", 4, 0, 50, seed=2).tolist()
    assert shuffled.tolist() != sorted(shuffled)


def test_page_out_of_range_is_refused():
    with pytest.raises(ValueError, match=r"from 0 to 9, not 10\."):
        mnist.page("test", None, 10, 1000)
    with pytest.raises(ValueError, match=r"at least 1 image, not 0\."):
        mnist.page("test", None, 0, 0)


def arrays(**changed):
    images, labels = np.zeros((2, 28, 28), np.uint8), np.array([0, 9], np.uint8)
    return {"x_train": images, "y_train": labels, "x_test": images, "y_test": labels, **changed}


def test_read_takes_any_file_of_the_right_form(tmp_path):
    path = tmp_path / "mnist.npz"
    np.savez(path, **arrays())
    assert mnist.read(path)["train"].labels.tolist() == [0, 9]


def test_missing_file_gives_one_sentence(tmp_path):
    with pytest.raises(mnist.MnistError, match=r"is expected in \S+/none.npz, and there is no such file\.$"):
        mnist.read(tmp_path / "none.npz")


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04" + b"\0" * 100, b"\x93NUMPY"])
def test_broken_file_gives_one_sentence(tmp_path, content):
    path = tmp_path / "mnist.npz"
    path.write_bytes(content)
    with pytest.raises(mnist.MnistError, match=r"must hold the arrays x_train, y_train, x_test and y_test"):
        mnist.read(path)


def test_truncated_and_damaged_files_give_one_sentence(tmp_path):
    path = tmp_path / "mnist.npz"
    np.savez_compressed(path, **arrays(x_train=np.random.default_rng(0).integers(0, 255, (2, 28, 28), np.uint8)))
    whole = path.read_bytes()
    for damaged in (whole[:500], whole[:200] + b"\xff" * 200 + whole[400:]):
        path.write_bytes(damaged)
        with pytest.raises(mnist.MnistError, match="must hold"):
            mnist.read(path)


def test_a_single_array_is_not_mnist(tmp_path):
    path = tmp_path / "mnist.npz"
    with path.open("wb") as file:
        np.save(file, np.zeros(3))
    with pytest.raises(mnist.MnistError, match="must hold"):
        mnist.read(path)


@pytest.mark.parametrize(
    "changed",
    [
        {"x_test": np.zeros((2, 28, 27), np.uint8)},
        {"x_test": np.zeros((2, 28, 28), np.float32)},
        {"x_test": np.zeros((3, 28, 28), np.uint8)},
        {"y_test": np.array([0, 10], np.uint8)},
        {"x_test": np.zeros((0, 28, 28), np.uint8), "y_test": np.zeros(0, np.uint8)},
        {"x_test": np.uint8(1)},
    ],
)
def test_arrays_of_another_form_are_refused(tmp_path, changed):
    path = tmp_path / "mnist.npz"
    np.savez(path, **arrays(**changed))
    with pytest.raises(mnist.MnistError, match=r"uint8 images \(n, 28, 28\) with a label 0-9 each; x_test is"):
        mnist.read(path)
