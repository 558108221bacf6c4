"""Streamlit v2 components, and the binary frame in which they get their arrays.

A frame is one message of bytes: the length of a JSON header (uint32, little-endian), the header, then all
arrays one after the other, each starting at a multiple of 4. No base64 and no JSON numbers: 64 maps of
28 × 28 are 200 kB and decode in the browser without a copy. `shared.js` is the reader.
"""

from __future__ import annotations

import json
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np
import streamlit as st
from streamlit.runtime import get_instance

from viz import palette

_FOLDER = Path(__file__).parent


def frame(header: dict, arrays: dict[str, np.ndarray]) -> bytes:
    """`header` (JSON values) and `arrays` (float32, int32 or uint8) as one message."""
    chunks, entries, offset = [], {}, 0
    for name, array in arrays.items():
        raw = np.ascontiguousarray(array).tobytes()
        padding = -len(raw) % 4
        entries[name] = {"dtype": array.dtype.name, "shape": array.shape, "offset": offset}
        chunks.append(raw + b"\0" * padding)
        offset += len(raw) + padding
    head = json.dumps({**header, "arrays": entries}).encode()
    head += b" " * (-len(head) % 4)
    return len(head).to_bytes(4, "little") + head + b"".join(chunks)


def tables(family: str) -> dict[str, np.ndarray]:
    """The colour tables of a family for both themes; the browser picks the one that is on."""
    return {f"{family}_{theme}": palette.table(family, theme) for theme in palette.THEMES}


def register(name: str):
    """The mount function of the component in the folder `name` (its .js, .css and .html).

    It registers itself with the server that runs it, at the first use: a test run has one server after the other in
    the same process, and Streamlit 1.65 forgets with each what was registered when modules were imported.
    """
    mounts = WeakKeyDictionary()

    def mount(**options):
        server = get_instance()
        if server not in mounts:
            mounts[server] = _component(name)
        return mounts[server](**options)

    return mount


def _component(name: str):
    folder = _FOLDER / name
    return st.components.v2.component(
        f"layer_lab_{name}",
        html=(folder / f"{name}.html").read_text(encoding="utf-8"),
        css=(folder / f"{name}.css").read_text(encoding="utf-8"),
        js="".join(path.read_text(encoding="utf-8") for path in (_FOLDER / "shared.js", folder / f"{name}.js")),
    )
