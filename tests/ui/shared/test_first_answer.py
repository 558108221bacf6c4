"""The pause after a page's picture: it ends as soon as somebody uses a widget again, also within the page."""

from types import SimpleNamespace

import pytest
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests

from ui.shared import first_answer


@pytest.fixture
def requests(monkeypatch):
    """What the browser asks of this run; empty at first."""
    requests = ScriptRequests()
    monkeypatch.setattr(first_answer, "get_script_run_ctx", lambda: SimpleNamespace(script_requests=requests))
    return requests


def test_nobody_asks(requests):
    assert first_answer.asked() is False


@pytest.mark.parametrize("wanted", [RerunData(fragment_id="the page"), RerunData()], ids=["page", "whole script"])
def test_another_run_is_noticed(requests, wanted):
    requests.request_rerun(wanted)
    assert first_answer.asked() is True


def test_outside_a_run_nobody_asks(monkeypatch):
    monkeypatch.setattr(first_answer, "get_script_run_ctx", lambda: None)
    assert first_answer.asked() is False
