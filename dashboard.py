"""Layer Lab: `streamlit run dashboard.py` (or `uvicorn dashboard:app`) starts the dashboard.

The script that Streamlit runs is ui/frame.py, not this file: a folder `pages/` beside the main script would
arm Streamlit's old page discovery, which breaks deep links on a fresh server.
"""

import importlib
import os
import sys
from typing import Any

# TensorFlow's start-up notices are not for learners; set before anything can import it
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# oneDNN keeps the machine code of the last 1,024 operations that were new to it, 60 kB each: a class turns many sliders
os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "128")

import streamlit as st
from starlette.formparsers import MultiPartParser
from starlette.middleware import Middleware

from ui.server.cookie import VisitorCookie
from ui.server.deep_links import DeepLinks
from ui.server.full import Full
from ui.server.lifespan import lifespan
from ui.server.limits import AllowedHosts, SteadyMessages, UploadQuota
from ui.server.live import Live
from ui.server.training import Training

# Nothing uploaded is written to disk: what comes after a file's first megabyte would go to a temporary file.
# The largest are networks (core.network.keras_file.MOST_BYTES, which is not imported here: it would take numpy).
MultiPartParser.spool_max_size = 257 * 2**20


def pages() -> tuple[str, ...]:
    """The keys of all pages."""
    return importlib.import_module("ui.shared.navigation").keys()


def early(language: str) -> str:
    """What the first page shows before Streamlit is there; nothing before that is known."""
    module: Any = sys.modules.get("ui.home.early")
    return module.head(language) if hasattr(module, "head") else ""  # it may be on its way in


app = st.App(
    "ui/frame.py",
    lifespan=lifespan,
    middleware=[
        Middleware(AllowedHosts),
        Middleware(Full),
        Middleware(SteadyMessages),
        Middleware(UploadQuota),
        Middleware(Training, now="ui.train.pill"),
        Middleware(Live, addresses="ui.live.addresses", more="ui.home.early"),
        Middleware(VisitorCookie),
        Middleware(DeepLinks, pages=pages, early=early),
    ],
)
