"""The engine as one script, for a worker, a page or a file that is taken home.

Plain scripts, put one after the other in a function of their own: that runs as a worker from an address, as a worker
from a blob, and inlined in one HTML file that is opened from disk, where a browser loads no modules.

Why an engine of our own and not TensorFlow.js: all of this is 88 kB, drawing, centring and painting with it, where that
is 861 kB before any of them; it computes every kind of layer that we have, from what the layers say of themselves, and
leaves every layer's values where they can be painted. On one image it was measured to be faster (bench/live.py). There
is nothing in it to keep up with, for WebAssembly and typed arrays do not change; what it computes is held to Keras by
tests/browser/test_live_engine.py.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from core.drawing.rules import rules
from words import browser

_FOLDER = Path(__file__).parent
# each may use what stands before it
_PARTS = (
    *("said", "bundle", "functions", "loops", "layers", "engine", "contributions"),
    *("picture", "resize", "foreground", "prepare", "drawn"),
    *("painting", "atlas", "kept", "service"),
)
_GLOBAL = "LivingNetwork"
_OFFERED = ("Engine", "contributions", "readBundle", "Paper", "prepareDrawing", "Atlas", "KeptBundles", "Service")


@lru_cache(maxsize=1)
def engine() -> str:
    """The script. It defines `LivingNetwork`; in a worker it serves the messages that ui/live/service.js lists."""
    parts = [(_FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in _PARTS]
    body = "\n".join([_wasm(), f"const RULES = {json.dumps(rules())};", *parts])
    return f'const {_GLOBAL} = (() => {{\n"use strict";\n{body}\nreturn {{ {", ".join(_OFFERED)} }};\n}})();\n'


@lru_cache(maxsize=1)
def client() -> str:
    """The page's side, `LiveWorker`: a script by itself, which starts the other one in a worker."""
    return (_FOLDER / "client.js").read_text(encoding="utf-8")


def said() -> Iterator[str]:
    """What a page says for its worker: the messages of the worker's script, and why a drawing is no digit."""
    yield from browser.of_script(engine())
    yield from (sentence for sentence in rules().values() if isinstance(sentence, str))


def _wasm() -> str:
    packed = base64.b64encode((_FOLDER / "loops.wasm").read_bytes()).decode()
    return f'const wasmBytes = () => Uint8Array.from(atob("{packed}"), (letter) => letter.charCodeAt(0));'
