"""In which language a session speaks: the one of its address (`lang`), else the one that its browser asks for."""

from __future__ import annotations

import html
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

import words
from ui.shared import state

KEY = state.LANGUAGE
_SPOKEN = "_layer_lab_language"


# nothing: what the browser asks for
state.declare(state.choice(KEY, "", ("", *words.LANGUAGES, words.PSEUDO)))


def begin() -> None:
    """Once the settings of a run are known: what follows is said in its language. Part of a page may run alone later,
    and finds it here."""
    context = get_script_run_ctx()
    if context is not None:
        setattr(context, _SPOKEN, _of_session())


def _spoken() -> str:
    """Asked for every word on a page, so not looked up in the session each time."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        return words.ENGLISH
    if getattr(context, _SPOKEN, None) is None:
        begin()
    return getattr(context, _SPOKEN)


def _of_session() -> str:
    return words.of_address(state.get(KEY), st.context.headers.get("Accept-Language", ""))


words.listen(_spoken)


def switch() -> None:
    """Links to this view in the other languages. They load the page anew, since what it says of itself (`<html lang>`)
    and what the browser's scripts say change with it."""
    now = words.language()
    others = {name: own for name, own in words.LANGUAGES.items() if name != now}
    links = (f'<a href="?{_query(name)}" target="_self" lang="{name}">{own}</a>' for name, own in others.items())
    st.html(f'<nav class="lab-languages" aria-label="{html.escape(words._("Language"))}">{" · ".join(links)}</nav>')


def _query(name: str) -> str:
    return html.escape(urlencode(state.changed() | {KEY: name}))
