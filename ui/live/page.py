"""A network as one HTML file: the component of the first page, the engine and the weights, opened from disk.

It is in the language of whoever makes it, and has no other language's words in it.

The page loads nothing, and its Content-Security-Policy forbids that it ever does: only the two scripts that are in it
run, told by their hashes, and the worker that one of them starts from a blob. What comes from outside, a run's name or
the text of a network, stands in it either as base64 or as escaped text.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from functools import lru_cache
from pathlib import Path

import numpy as np

from core.live.bundle import Bundle, weight_bytes
from core.network import notation
from core.network.network import Network
from ui.components import living_network
from ui.shared import theme
from words import LANGUAGES, _, browser, language

_FOLDER = Path(__file__).parent
# what the header of a bundle says of a layer, about
_LAYER_BYTES = 300
# test images that mostly go along
_JUDGED = 1000
_SLOT = re.compile("<!-- (policy|language|name|style|component|facts|text|message|script) -->")


def page(
    name: str,
    network: Network,
    bundle: Bundle,
    facts: str,
    image: np.ndarray,
    truth: int | None = None,
    mode: str = "layer",
    judged: living_network.Judged | None = None,
) -> str:
    """The file's content.

    name: its heading. network: whose text it shows. bundle: what it computes with. facts: what stands below it. image:
    uint8 (28, 28) that is read while the pad is empty; truth, mode, judged: see `living_network`.
    """
    message = living_network.whole_message(bundle, name, image, truth, mode, judged)
    text = "\n".join(notation.lines(network))
    return _filled(name, facts, text, base64.b64encode(message).decode())


def size(network: Network, numbers: str) -> int:
    """Bytes of the file, to a few thousand, before anything of it is made."""
    return _bytes_around(language()) + 4 * (weight_bytes(network, numbers) + _LAYER_BYTES * len(network)) // 3


@lru_cache(maxsize=len(LANGUAGES))
def _bytes_around(spoken: str) -> int:
    """Of everything but the weights. spoken: the language of whoever asks."""
    judged = living_network.Judged(np.zeros(_JUDGED, np.float32), np.zeros(_JUDGED, bool), 0)
    message = living_network.whole_message(Bundle(b""), "", np.zeros((28, 28), np.uint8), judged=judged)
    return len(_filled("", "", "", base64.b64encode(message).decode()))


def _filled(name: str, facts: str, text: str, message: str) -> str:
    component = living_network.source()
    style = f"{_theme()}{component.css}{_read('css')}"
    script = f"{component.js}\n{_read('js')}"
    parts = {
        "policy": _policy(style, script),
        "language": language(),
        "name": html.escape(name),
        "style": style,
        "component": component.html,
        "facts": html.escape(facts),
        "text": html.escape(text),
        "message": message,
        "script": script,
    }
    # in one pass: what is filled in is not looked through for more slots
    return _SLOT.sub(lambda slot: parts[slot[1]], _said(_read("html")))


def _said(markup: str) -> str:
    """With its own sentences in the language of whoever asks: who has no JavaScript reads one of them."""
    for message in browser.of_markup(markup):
        markup = markup.replace(f">{message}<", f">{html.escape(_(message))}<")
    return markup


def _policy(style: str, script: str) -> str:
    """Nothing is loaded; the style and the script are those that are in the page; the worker may compile its loops."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(script)}' 'wasm-unsafe-eval'",
            "worker-src blob:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _theme() -> str:
    return (
        f":root {{ color-scheme: light dark; --st-font: system-ui, sans-serif; {theme.properties('light')}}}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {theme.properties('dark')}}} }}\n"
    )


def _read(ending: str) -> str:
    return (_FOLDER / f"page.{ending}").read_text(encoding="utf-8")
