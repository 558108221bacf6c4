"""What happens when the server starts: a browser opens, and what the first page needs is read meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import os
import sys
import threading
import time
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st

from ui.server import callbacks, forget, handles, held, slow, theme_message, tidy, together

_LISTENING_S = 0.5
_FIRST_PAINT_S = 5.0
_FETCH_S = 60.0


# In the order in which the first page comes to need them.
_FIRST_PAGE = (
    "ui.layers.faces",
    "ui.basics.settings",
    "ui.shared.digit",
    "ui.layers.overview",
    "ui.layers.sections",
)


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """Lifespan of the app. Nothing of `core` is imported above: numpy alone would keep the port closed for 0.2 s."""
    handles.prepare()
    tidy.few_heaps()
    slow.bound()
    callbacks.keep_whole()
    held.remember()
    theme_message.remember()
    together.send()
    threading.Thread(target=_read_ahead, name="read-ahead", daemon=True).start()
    # trainings that an earlier server left in the queue go on
    threading.Thread(target=_pick_up_runs, name="pick-up", daemon=True).start()
    _open_browser()
    tasks = [asyncio.create_task(each.keep()) for each in (tidy, forget)]
    yield
    for task in tasks:
        task.cancel()


def _read_ahead() -> None:
    """While the browser still fetches and parses Streamlit's scripts, the server would have nothing to do."""
    for module in _FIRST_PAGE:
        importlib.import_module(module)
    importlib.import_module("core.data.mnist").half("test")
    # not before somebody has been here: it must not hold up what they wait for
    importlib.import_module("ui.shared.warmup").afterwards(_prepare_early)


def _prepare_early() -> None:
    importlib.import_module("ui.home.early").prepare()


def _pick_up_runs() -> None:
    time.sleep(_FIRST_PAINT_S)
    folders = importlib.import_module("core.runs.folders")
    folders.tidy()
    copies = importlib.import_module("core.runs.copies")
    if copies.elsewhere():
        threading.Thread(target=_fetch_runs, args=(copies,), name="fetch", daemon=True).start()
    if folders.queue() or importlib.import_module("core.runs.cluster").address():
        importlib.import_module("core.runs.queue").pick_up()


def _fetch_runs(copies: Any) -> None:
    """Runs that other servers have left at a common address come here, with the next look where it does not answer."""
    while True:
        with contextlib.suppress(RuntimeError):
            copies.fetch()
        time.sleep(_FETCH_S)


def _open_browser() -> None:
    """With `st.App` Streamlit itself does not. Not where `server.headless` is set or there is no screen."""
    if not st.get_option("server.headless") and _has_screen():
        address = f"http://localhost:{st.get_option('server.port')}"
        asyncio.get_running_loop().call_later(_LISTENING_S, webbrowser.open, address)


def _has_screen() -> bool:
    # on Linux, webbrowser would otherwise start a text browser in the terminal
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
