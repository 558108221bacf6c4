"""Pages without a browser: AppTest from the frame, as a link opens them."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ui import navigation, state, warmup

FRAME = Path(__file__).parents[2] / "ui" / "frame.py"


@pytest.fixture(scope="session", autouse=True)
def tensorflow():
    """Pages compute only once TensorFlow has loaded."""
    assert warmup.wait(120)


def opened(page: str, **query: str) -> AppTest:
    """The page as a link with these settings opens it, after its first run."""
    app = AppTest.from_file(FRAME, default_timeout=120)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    if page != navigation.HOME:
        app.switch_page(f"../pages/{page}.py").run()
    return app


def held(app: AppTest, key: str):
    """The value of a setting: what is at its default need not be in the session."""
    return app.session_state[key] if key in app.session_state else state.PARAMS[key].default
