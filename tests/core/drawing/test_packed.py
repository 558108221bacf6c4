"""A drawing as text: what is packed is unpacked to the last pixel, and anything else is refused with one sentence."""

import gzip
import json
import re
import zlib
from base64 import urlsafe_b64encode

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from bench import drawing
from core.data import mnist
from core.drawing import packed

EXPECTED = "a drawing of 28 × 28 pixels"
pictures = arrays.arrays(np.uint8, (28, 28), elements=st.integers(0, 255)).filter(np.any)


@given(pictures)
@settings(deadline=None, derandomize=True, max_examples=200)
def test_every_picture_comes_back(pixels):
    text = packed.pack(pixels)
    assert re.fullmatch("[A-Za-z0-9_-]+", text) and len(text) <= packed.MOST
    back = packed.unpack(text)
    assert back.dtype == np.uint8 and not back.flags.writeable
    np.testing.assert_array_equal(back, pixels)


def test_noise_fits_too():
    noise = np.random.default_rng(3).integers(0, 256, (50, 28, 28), np.uint8)
    assert all(len(packed.pack(pixels)) <= packed.MOST for pixels in noise)


def test_a_digit_takes_some_hundred_characters():
    lengths = [len(packed.pack(image)) for image in mnist.half("test").images[:300]]
    assert max(lengths) < 500


@pytest.mark.skipif(not drawing.STROKES.is_file(), reason="the pen digits are not at hand")
def test_drawn_digits_fit_into_an_address():
    digits = json.loads(gzip.decompress(drawing.STROKES.read_bytes()))[::40]
    for acts in drawing.drawings(digits, 18):
        pixels = np.rint(drawing.prepared(acts) * 255).astype(np.uint8)
        text = packed.pack(pixels)
        assert len(text) < 600
        np.testing.assert_array_equal(packed.unpack(text), pixels)


def as_text(data: bytes) -> str:
    packer = zlib.compressobj(wbits=-15)
    return urlsafe_b64encode(packer.compress(data) + packer.flush()).rstrip(b"=").decode()


GOOD = packed.pack(mnist.sample("test", 0).image)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "A", "seven", "a" * 100_000, "🙂", "\ud800", "\n", "====", "%00", GOOD[:-3], GOOD + "AAAA"),
        as_text(bytes(784)),  # nothing on it
        as_text(b"\1" * 783),
        as_text(b"\1" * 785),
        as_text(b"\1" * 10_000_000),
    ],
)
def test_what_is_no_drawing_is_refused(text):
    with pytest.raises(ValueError, match=EXPECTED):
        packed.unpack(text)


@given(st.text(alphabet="ABab01-_+/= ", max_size=60))
@example(GOOD)
@settings(deadline=None, derandomize=True, max_examples=200)
def test_any_text_is_a_picture_or_refused(text):
    try:
        assert packed.unpack(text).shape == (28, 28)
    except ValueError as error:
        assert str(error).startswith(EXPECTED)


@pytest.mark.parametrize("array", [np.zeros((28, 28)), np.zeros((28, 27), np.uint8), np.zeros((1, 28, 28), np.uint8)])
def test_only_a_picture_is_packed(array):
    with pytest.raises(ValueError, match="uint8 \\(28, 28\\)"):
        packed.pack(array)
