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
    light, dark = (st.get_option(f"theme.{theme}.primaryColor") for theme in ("light", "dark"))
    ink = ", ".join(palette.INK[theme] for theme in palette.THEMES)
    colours = f":root {{ --lab-focus: light-dark({light}, {dark}); --lab-ink: light-dark({ink}) }}\n"
    return colours + _FILE.read_text(encoding="utf-8") + source_code.style()
