"""How pupils find a class: the address with its code, and the same as a QR code."""

from __future__ import annotations

from urllib.parse import urlsplit

import numpy as np
import segno

# modules of white around the code: less, and some phones do not find it
_QUIET = 4


def address(page: str, code: str) -> str:
    """What opens the lessons with the class's code. page: the address of any page, as a browser has it."""
    return f"{beside(page, 'lessons')}?class={code}"


def beside(page: str, other: str) -> str:
    """The address of another page of the same server. other: what it is called below the root."""
    parts = urlsplit(page)
    folder = parts.path.rstrip("/").rpartition("/")[0]
    return f"{parts.scheme}://{parts.netloc}{folder}/{other}"


def is_local(page: str) -> bool:
    """Whether an address leads to the machine itself, so that no other one can use it."""
    return urlsplit(page).hostname in ("localhost", "127.0.0.1", "::1")


def qr(text: str) -> np.ndarray:
    """uint8 (n, n): a QR code, black 0 on white 255, a module a pixel."""
    code = segno.make(text, micro=False, error="m")
    return np.array([[0 if dark else 255 for dark in row] for row in code.matrix_iter(border=_QUIET)], np.uint8)
