"""What happens around the server's life: a browser opens, TensorFlow's libraries are mapped into memory."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import webbrowser
from contextlib import asynccontextmanager

import streamlit as st

from core import startup

_LISTENING_S = 0.5


@asynccontextmanager
async def lifespan(app):
    """Lifespan of the app."""
    threading.Thread(target=startup.preload_libraries, name="preload", daemon=True).start()
    _open_browser()
    yield


def _open_browser() -> None:
    """With `st.App` Streamlit itself does not. Not where `server.headless` is set or there is no screen."""
    if not st.get_option("server.headless") and _has_screen():
        address = f"http://localhost:{st.get_option('server.port')}"
        asyncio.get_running_loop().call_later(_LISTENING_S, webbrowser.open, address)


def _has_screen() -> bool:
    # on Linux, webbrowser would otherwise start a text browser in the terminal
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
