"""Streamlit v2 components, and the binary frame in which they get their arrays.

A frame is one message of bytes: the length of a JSON header (uint32, little-endian), the header, then all
arrays one after the other, each starting at a multiple of 4. No base64 and no JSON numbers: 64 maps of
28 × 28 are 200 kB and decode in the browser without a copy. `shared.js` is the reader.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np
import streamlit as st
from streamlit.runtime import get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx

from viz import palette

_FOLDER = Path(__file__).parent
_DEEPEST = 6


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
    """The mount function of the component in the folder `name` (its scripts, .css and .html).

    It registers itself with the server that runs it, at the first use: a test run has one server after the other in
    the same process, and Streamlit 1.65 forgets with each what was registered when modules were imported.
    """
    mounts = WeakKeyDictionary()

    def mount(**options: object):
        server = get_instance()
        if server not in mounts:
            mounts[server] = _component(name)
        return mounts[server](**options)

    return mount


def sent(key: str, event: str) -> object:
    """What the component with this key has sent as `event`; in its callback. None where that cannot be known.

    A link that is clicked at once puts the event into the run of another page. Streamlit calls back there, and has
    forgotten which component has which key: what was sent is still there under the name of the component's events.
    """
    held = st.session_state.get(key)
    if held is not None:
        return _finite(held.get(event))
    try:
        states = get_script_run_ctx().session_state._state._new_widget_state
        mine = next(name for name in states if name.endswith(f"-{key}__events"))
        return _finite(next(each["value"] for each in states[mine] if each["event"] == event))
    except (AttributeError, KeyError, TypeError, StopIteration):
        return None


def _finite(value: object, deep: int = _DEEPEST) -> object:
    """What a browser sent, with None in place of infinity, of what is no number, and of what is nested too deep: none
    of them can be made a whole number, and nobody who reads a message should have to think of that."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(each, deep - 1) for key, each in value.items()} if deep else None
    if isinstance(value, list | tuple):
        return [_finite(each, deep - 1) for each in value] if deep else None
    return value


def _component(name: str):
    folder = _FOLDER / name
    return st.components.v2.component(
        f"layer_lab_{name}",
        html=(folder / f"{name}.html").read_text(encoding="utf-8"),
        css="".join(path.read_text(encoding="utf-8") for path in (_FOLDER / "shared.css", folder / f"{name}.css")),
        js="".join(path.read_text(encoding="utf-8") for path in _scripts(folder)),
    )


def _scripts(folder: Path) -> list[Path]:
    """What all components share, then the parts of this one, and last the script that is named as its folder."""
    main = folder / f"{folder.name}.js"
    return [_FOLDER / "shared.js", *sorted(path for path in folder.glob("*.js") if path != main), main]
