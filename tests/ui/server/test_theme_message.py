"""The theme that browsers are told is Streamlit's own, whether it was put together now or before."""

import inspect

import pytest
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

from ui.server import theme_message

SECTIONS = ["theme", "theme.light", "theme.dark", "theme.sidebar", "theme.light.sidebar", "theme.dark.sidebar"]
OPTIONS = {"theme": {"font": "serif"}, "theme.light": {"primaryColor": "#0d6e66", "showWidgetBorder": False}}


def _told() -> CustomThemeConfig:
    """As a run's first message says it."""
    told = CustomThemeConfig()
    for section in SECTIONS:
        part = told
        for name in section.split(".")[1:]:
            part = getattr(part, name)
        app_session._populate_theme_msg(part, section)
    return told


@pytest.fixture
def asked(monkeypatch):
    """The sections whose options were read, with options of a theme of its own."""
    asked = []

    def options(section):
        asked.append(section)
        return OPTIONS.get(section, {"primaryColor": None})

    monkeypatch.setattr(app_session.config, "get_options_for_section", options)
    # as it is before any server has started in this process
    monkeypatch.setattr(app_session, "_populate_theme_msg", inspect.unwrap(app_session._populate_theme_msg))
    return asked


def test_it_is_what_streamlit_says_and_read_once(asked):
    own = _told()
    theme_message.remember()
    theme_message.remember()  # a second server in the same process
    asked.clear()
    assert _told() == _told() == own
    assert own.light.primary_color == "#0d6e66"
    assert not own.HasField("dark")
    assert asked == SECTIONS
