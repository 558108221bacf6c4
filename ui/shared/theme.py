"""Light or dark, as the browser shows it."""

from __future__ import annotations

import streamlit as st


def kind() -> str:
    """Either "light" or "dark"; light where the browser has not said yet."""
    return st.context.theme.type or "light"
