"""Layer Lab: `streamlit run dashboard.py` (or `uvicorn dashboard:app`) starts the dashboard.

The script that Streamlit runs is ui/frame.py, not this file: a folder `pages/` beside the main script would
arm Streamlit's old page discovery, which breaks deep links on a fresh server.
"""

import os

# TensorFlow's start-up notices are not for learners; set before anything can import it
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import streamlit as st
from starlette.formparsers import MultiPartParser
from starlette.middleware import Middleware

from ui.server.deep_links import DeepLinks
from ui.server.lifespan import lifespan
from ui.shared import navigation

# Nothing uploaded is written to disk: what comes after a file's first megabyte would go to a temporary file
MultiPartParser.spool_max_size = (st.get_option("server.maxUploadSize") + 1) * 2**20

app = st.App("ui/frame.py", lifespan=lifespan, middleware=[Middleware(DeepLinks, pages=navigation.keys())])
