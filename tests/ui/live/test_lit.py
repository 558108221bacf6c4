"""The first page waits with what comes after its map until the browser has painted it, and never for ever."""

import threading
import time

import pytest
import streamlit as st

from tests import loops
from ui.live import lit
from ui.server.live import Live
from ui.shared import first_answer


@pytest.fixture
def page(monkeypatch):
    """A session of a running server."""
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(first_answer, "browser", lambda: object())
    monkeypatch.setattr(lit, "PATIENCE_S", 60.0)
    yield
    assert not lit._expected


def asked(path):
    """Status of the answer to a browser."""
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "path": path, "method": "GET", "headers": [], "query_string": b""}
    loops.run(Live(None, "ui.live.addresses", "ui.home.early")(scope, None, send))
    return sent[0]["status"]


def waiting():
    """The thread of a script that has come to the wait."""
    script = threading.Thread(target=lit.wait)
    script.start()
    while not lit._expected:
        time.sleep(0.001)
    return script


@pytest.mark.parametrize("folder", ["", "/lab"])
def test_it_ends_once_the_browser_has_painted(page, folder):
    script = waiting()
    assert asked(f"{folder}/live/lit/{'0' * 32}") == 204  # somebody else's
    assert script.is_alive() and lit._expected
    assert asked(f"{folder}/{lit.address()}") == 204
    script.join(30)
    assert not script.is_alive()


def test_it_ends_when_somebody_uses_the_page(page, monkeypatch):
    script = waiting()
    monkeypatch.setattr(first_answer, "asked", lambda: True)
    script.join(30)
    assert not script.is_alive()


def test_it_ends_where_the_browser_says_nothing(page, monkeypatch):
    monkeypatch.setattr(lit, "PATIENCE_S", 0.05)
    lit.wait()


def test_only_the_first_run_of_a_session_waits(page):
    script = waiting()
    lit.heard(lit.address().rpartition("/")[2])
    script.join(30)
    lit.wait()


def test_where_no_browser_is_nothing_waits(page, monkeypatch):
    monkeypatch.setattr(first_answer, "browser", lambda: None)
    lit.wait()


def test_a_session_keeps_its_address_and_another_has_another(page, monkeypatch):
    first = lit.address()
    assert lit.address() == first
    monkeypatch.setattr(st, "session_state", {})
    assert lit.address() != first
