"""Opens the dashboard in a browser once the server listens: with `st.App` Streamlit itself does not."""

from __future__ import annotations

import asyncio
import os
import sys
import webbrowser
from contextlib import asynccontextmanager

import streamlit as st

_LISTENING_S = 0.5


@asynccontextmanager
async def open_browser(app):
    """Lifespan of the app. Nothing is opened where `server.headless` is set or there is no screen."""
    if not st.get_option("server.headless") and _has_screen():
        address = f"http://localhost:{st.get_option('server.port')}"
        asyncio.get_running_loop().call_later(_LISTENING_S, webbrowser.open, address)
    yield


def _has_screen() -> bool:
    # on Linux, webbrowser would otherwise start a text browser in the terminal
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
