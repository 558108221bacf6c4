"""A drawing as text, short enough for an address: the very pixels that a network reads, packed.

Raw deflate, then base64 in the letters that an address may hold. Drawn digits take some 330 characters, and no picture
takes more than `MOST`: what cannot be packed is stored as it is.
"""

from __future__ import annotations

import base64
import binascii
import zlib

import numpy as np

from core.data.mnist import SIZE

_PIXELS = SIZE * SIZE
# 784 bytes that do not get smaller and what deflate writes around them, four letters for three bytes
MOST = -(-(_PIXELS + 11) * 4 // 3)
# without the header and the checksum of zlib; in a window of 1,024 bytes the whole picture lies
_RAW = -10


def pack(pixels: np.ndarray) -> str:
    """uint8 (28, 28) → at most `MOST` letters, digits, `-` and `_`. Raises ValueError for any other array."""
    if pixels.dtype != np.uint8 or pixels.shape != (SIZE, SIZE):
        raise ValueError(f"Expected uint8 (28, 28) to pack, got {pixels.dtype} {pixels.shape}.")
    packer = zlib.compressobj(9, zlib.DEFLATED, _RAW, 9)
    return base64.urlsafe_b64encode(packer.compress(pixels.tobytes()) + packer.flush()).rstrip(b"=").decode()


def unpack(text: str) -> np.ndarray:
    """The inverse of `pack`, read-only. Raises ValueError where the text is no picture with something on it."""
    try:
        if len(text) > MOST:
            raise ValueError
        data = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        unpacker = zlib.decompressobj(_RAW)
        pixels = unpacker.decompress(data, _PIXELS + 1)
        whole = unpacker.eof and not unpacker.unused_data and len(pixels) == _PIXELS and any(pixels)
    except (ValueError, binascii.Error, zlib.error):
        whole = False
    if not whole:
        raise ValueError(f"a drawing of {SIZE} × {SIZE} pixels, packed as this program packs it")
    return np.frombuffer(pixels, np.uint8).reshape(SIZE, SIZE)
