"""Streamlit v2 components. They get their arrays in one binary message, see core/storage/frames.py; `shared.js` is the
reader."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np
import streamlit as st
from streamlit.runtime import get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.storage.frames import frame
from viz import palette
from words import LANGUAGES, browser

__all__ = ["Source", "frame", "register", "sent", "source", "tables"]

_FOLDER = Path(__file__).parent
_DEEPEST = 6
# the colours that are the same in both themes, for a component on a page and for one that is a page
_COLOURS = f":host, :root {{ --lab-grey: {palette.GREY}; --lab-mark: {palette.MARK}; --lab-after: {palette.AFTER} }}\n"


def tables(family: str) -> dict[str, np.ndarray]:
    """The colour tables of a family for both themes; the browser picks the one that is on."""
    return {f"{family}_{theme}": palette.table(family, theme) for theme in palette.THEMES}


def register(
    name: str,
    *parts: str,
    before: Callable[[], str] | None = None,
    more: Callable[[], Iterable[str]] | None = None,
):
    """The mount function of the component in the folder `name` (its scripts, .css and .html).

    parts: what it shares with others, by the name of its files beside this one: a script, its .css, and its .html where
    the component's says `<!-- name -->`. before: gives a script from elsewhere that its own ones use. more: gives
    messages that its script says, and that do not stand in it.

    It registers itself with the server that runs it, at the first use: a test run has one server after the other in
    the same process, and Streamlit 1.65 forgets with each what was registered when modules were imported.
    """
    mounts = WeakKeyDictionary()

    @cache
    def made() -> Source:
        return source(name, *parts, before=before() if before else "", more=more() if more else ())

    def mount(**options: object):
        server = get_instance()
        if server not in mounts:
            own = made()
            mounts[server] = st.components.v2.component(f"layer_lab_{name}", html=own.html, css=own.css, js=own.js)
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


@dataclass(frozen=True)
class Source:
    """What a component is made of; its script ends with `export default mounting(…)`, see shared.js."""

    html: str
    css: str
    js: str


def source(
    name: str,
    *parts: str,
    before: str = "",
    more: Iterable[str] = (),
    languages: Collection[str] = tuple(LANGUAGES),
) -> Source:
    """All files of a component, put together; name, parts: see `register`. before: a script that its own ones use.
    more: other messages that it says. languages: those that it has its words in."""
    folder = _FOLDER / name
    html = _read(folder / f"{name}.html")
    for part in parts:
        html = html.replace(f"<!-- {part} -->", _read(_FOLDER / f"{part}.html"))
    styles = [_FOLDER / f"{part}.css" for part in ("shared", *parts)]
    script = before + "".join(map(_read, _scripts(folder, parts)))
    said = browser.dictionary(dict.fromkeys((*browser.of_script(script), *browser.of_markup(html), *more)))
    said = {language: words for language, words in said.items() if language in languages}
    return Source(
        html,
        css=_COLOURS + "".join(map(_read, [*styles, folder / f"{name}.css"])),
        js=f"const WORDS = {json.dumps(said, ensure_ascii=False)};\n{script}",
    )


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _scripts(folder: Path, parts: tuple[str, ...]) -> list[Path]:
    """What all components share, then the parts of this one, and last the script that is named as its folder."""
    main = folder / f"{folder.name}.js"
    shared = [_FOLDER / f"{part}.js" for part in ("shared", "roving", *parts)]
    return [*shared, *sorted(path for path in folder.glob("*.js") if path != main), main]
