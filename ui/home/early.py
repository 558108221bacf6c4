"""The first page before Streamlit is there: its network at work on a page that would still be blank.

A browser that opens the first page goes through 3 MB of Streamlit's scripts, opens a websocket, and asks the server to
run a script, before the element that everybody looks at can begin: two seconds on two cores. So the page's HTML
(ui/server/deep_links.py) brings a script that shows what the address would show, the same component with the same
engine and weights, where it will stand (early.js). When Streamlit mounts the component, it takes over this very view,
with all that was drawn meanwhile.

Only for the plain address: what else an address says of the first page, the server has to answer.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from core.data import mnist
from ui.components import living_network
from ui.components.living_network import Shown
from ui.home import judging
from ui.live import addresses, scripts
from ui.shared import networks, state, theme
from viz import palette
from words import LANGUAGES, N_, _, using

TITLE = N_("Layer Lab")
LINE = N_(
    "Draw a digit: every layer of the network answers while you draw. Point at a picture to see what it reads, "
    "click it to open its layer."
)
MODE = "map"
EARLY = "early.js"
TYPES = {EARLY: addresses.SCRIPT}
_FOLDER = Path(__file__).parent
_made: dict[str, str] = {}


def prepare() -> None:
    """Once what is needed for it has been read for other ends: from then on `head` has something to say."""
    for spoken in LANGUAGES:
        _made[spoken] = written(spoken)


def head(spoken: str) -> str:
    """What the HTML of the first page has in its head, in this language; nothing before `prepare`."""
    return _made.get(spoken, "")


@lru_cache(maxsize=len(LANGUAGES))
def script(spoken: str) -> str:
    """All that the browser runs, in one of `LANGUAGES`: a module."""
    with using(spoken):
        component = living_network.source()
        parts = {
            "style": f"{_theme()}{component.css}{_read('css')}",
            "markup": component.html,
            "title": _(TITLE),
            "line": _(LINE),
            "message": base64.b64encode(message()).decode(),
            "engine": scripts.engine(),
        }
    return f"{component.js}\nconst EARLY = {json.dumps(parts, ensure_ascii=False)};\n{_read('js')}"


def content(hash: str, file: str, query: Mapping[str, str]) -> bytes | None:
    """What is behind an address of `head`, as `addresses.content` has it."""
    spoken = query.get("lang", "")
    return script(spoken).encode() if file in TYPES and spoken in LANGUAGES and hash == _hash(spoken) else None


def _hash(spoken: str) -> str:
    return hashlib.sha256(script(spoken).encode()).hexdigest()


def label() -> str:
    """What the button of a trained network says."""
    return _("Trained")


def written(spoken: str) -> str:
    """The same, made for it; takes what it takes to read a network."""
    address = f"live/{_hash(spoken)}/{EARLY}?{urlencode({'lang': spoken})}"
    weights = html.escape(addresses.network(_network()))
    # what a rem is: the component is laid out in them, and Streamlit says so much later
    return (
        f"<script>{_inline('held')}</script>\n"
        f"  <style>html {{ font-size: {st.get_option('theme.baseFontSize')}px }}</style>\n"
        f'  <link rel="preload" as="fetch" crossorigin fetchpriority="high" href="./{weights}">\n'
        f'  <script type="module" async fetchpriority="high" src="./{html.escape(address)}"></script>\n  '
    )


def _network() -> networks.Chosen:
    return networks.named(networks.SHIPPED)


def message() -> bytes:
    """As a run of the page's script sends it to the component, where nobody has chosen anything."""
    split, index = state.PARAMS["split"].default, state.PARAMS["index"].default
    sample = mnist.sample(split, index)
    shown = [Shown("now", label(), addresses.network(_network()))]
    judged = judging.judged(_network())
    return living_network.first_message(addresses.engine(), shown, sample.image, sample.label, MODE, judged)


def _theme() -> str:
    """For the element that all of it stands in; early.js says on it which theme is on, as Streamlit chooses it."""
    themes = (f':host([data-theme="{each}"]) {{ color-scheme: {each}; {_colours(each)} }}\n' for each in palette.THEMES)
    return f':host {{ --st-font: "Source Sans", sans-serif; }}\n{"".join(themes)}'


def _colours(kind: str) -> str:
    aside, line = (st.get_option(f"theme.{kind}.sidebar.{name}") for name in ("backgroundColor", "borderColor"))
    return f"{theme.properties(kind)}--aside: {aside}; --aside-border: {line};"


def _inline(name: str) -> str:
    """A script for the HTML itself, which each visitor fetches anew: without its comments."""
    lines = (_FOLDER / f"{name}.js").read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("//"))


def _read(ending: str) -> str:
    return (_FOLDER / f"early.{ending}").read_text(encoding="utf-8")
