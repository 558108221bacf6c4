"""Weights in a few bits: near to what they were, small ones as float16, and files of them are read as any other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.storage import files, rounding
from core.storage.files import FileError

LARGE = (500, 200)


def kernel(shape=LARGE, seed=0):
    return np.random.default_rng(seed).normal(0, 0.05, shape).astype(np.float32)


@given(steps=st.integers(1, rounding.MOST_STEPS), seed=st.integers(0, 99))
def test_no_weight_is_further_off_than_half_a_step_of_its_column(steps, seed):
    array = kernel((50, 7), seed)
    array[:, 3] = 0
    kept = rounding.in_steps(array, steps)
    again = rounding.restored(kept.values, kept.step)
    assert again.dtype == np.float32 and np.abs(kept.values).max() == steps
    assert (np.abs(again - array) <= np.abs(array).max(axis=0) / steps / 2 * (1 + 1e-5)).all()


def test_what_is_small_is_kept_as_float16():
    array = kernel((3, 3, 8, 16))
    kept = rounding.rounded(array, 15)
    assert kept.step is None and np.array_equal(rounding.restored(kept.values, None), array.astype(np.float16))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_no_number_is_refused(bad):
    with pytest.raises(ValueError, match="finite"):
        rounding.rounded(np.array([bad], np.float32), 15)
    with pytest.raises(ValueError, match="127"):
        rounding.rounded(kernel(), 128)


def test_a_file_of_rounded_weights_is_read_as_any_other_and_takes_less_room(tmp_path):
    arrays = [kernel(), kernel((200,))]
    rounded, whole = tmp_path / "rounded.npz", tmp_path / "whole.npz"
    files.write_rounded(rounded, arrays, 15)
    files.write_arrays(whole, arrays)
    shapes = [array.shape for array in arrays]
    files.check_arrays(rounded, shapes)
    found = files.read_arrays(rounded, shapes)
    assert [array.dtype for array in found] == [np.float32] * 2
    assert np.abs(found[0] - arrays[0]).max() < np.abs(arrays[0]).max() / 29
    assert rounded.stat().st_size < whole.stat().st_size / 5
    with pytest.raises(FileError, match="fit its layers"):
        files.check_arrays(rounded, [(1,), (2,)])


def test_steps_without_their_size_are_no_weights(tmp_path):
    path = tmp_path / "damaged.npz"
    np.savez(path, **{"000": np.zeros((2, 2), np.int8)})
    with pytest.raises(FileError, match="fit its layers"):
        files.read_arrays(path, [(2, 2)])
