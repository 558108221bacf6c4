"""The little CSS of pages: what the theme in .streamlit/config.toml cannot say, and how code looks."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import streamlit as st

from ui.shared import source_code
from viz import palette

_FILE = Path(__file__).with_suffix(".css")


def styled() -> None:
    """Once a page, before anything that it is about."""
    st.html(f"<style>{_style()}</style>")


@lru_cache(maxsize=1)
def _style() -> str:
    of_theme = {"focus": "primaryColor", "paper": "backgroundColor"}
    colours = {
        name: {theme: str(st.get_option(f"theme.{theme}.{option}")) for theme in palette.THEMES}
        for name, option in of_theme.items()
    }
    colours |= {"ink": palette.INK, **palette.ANSWERS}
    properties = "; ".join(
        f"--lab-{name}: light-dark({', '.join(each[theme] for theme in palette.THEMES)})"
        for name, each in colours.items()
    )
    return f":root {{ {properties} }}\n{_FILE.read_text(encoding='utf-8')}{source_code.style()}"
