"""Light or dark, as the browser shows it."""

from __future__ import annotations

from importlib import import_module

import streamlit as st

_ASKED = "_theme_asked"
# of the theme (.streamlit/config.toml), under the names that Streamlit gives them for components
_COLOURS = {
    "primary-color": "primaryColor",
    "background-color": "backgroundColor",
    "secondary-background-color": "secondaryBackgroundColor",
    "text-color": "textColor",
    "border-color": "borderColor",
}


def kind() -> str:
    """Either "light" or "dark"; light where the browser has not said yet. What is painted in it is painted anew when
    that changes."""
    st.session_state[_ASKED] = True
    return shown()


def shown() -> str:
    """The same, of what follows by itself, or need not."""
    return st.context.theme.type or "light"


def watched() -> bool:
    """Whether anything was painted in it."""
    return bool(st.session_state.get(_ASKED))


def watch() -> None:
    """Call at a page's end: where something on it depends on the theme, it is drawn anew when that changes."""
    if watched():
        with st.container(key="theme_watch"):
            import_module("ui.components.theme_watch").theme_watch(shown())


def properties(kind: str) -> str:
    """The custom properties that Streamlit gives to components in a theme, for where there is no Streamlit."""
    return "".join(f"--st-{name}: {st.get_option(f'theme.{kind}.{option}')}; " for name, option in _COLOURS.items())
