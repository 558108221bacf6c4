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
    focus, paper = (
        ", ".join(str(st.get_option(f"theme.{theme}.{name}")) for theme in palette.THEMES)
        for name in ("primaryColor", "backgroundColor")
    )
    ink = ", ".join(palette.INK[theme] for theme in palette.THEMES)
    colours = f"--lab-focus: light-dark({focus}); --lab-paper: light-dark({paper}); --lab-ink: light-dark({ink})"
    return f":root {{ {colours} }}\n{_FILE.read_text(encoding='utf-8')}{source_code.style()}"
