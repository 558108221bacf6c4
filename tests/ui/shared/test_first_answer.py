"""The pause after a page's picture: it ends as soon as somebody uses a widget again, also within the page. And the end
of a whole run: not before the browser was sent all of it."""

import asyncio
import threading
from types import SimpleNamespace

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests
from streamlit.runtime.session_manager import ActiveSessionInfo

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


@pytest.fixture
def session(monkeypatch):
    """One that a browser is connected to, with the loop that sends."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    session = SimpleNamespace(_browser_queue=ForwardMsgQueue(), _event_loop=loop)
    active = ActiveSessionInfo(client=None, session=session)
    server = SimpleNamespace(_session_mgr=SimpleNamespace(get_active_session_info={"mine": active}.get))
    monkeypatch.setattr(first_answer, "get_script_run_ctx", lambda: SimpleNamespace(session_id="mine"))
    monkeypatch.setattr(first_answer, "runtime", SimpleNamespace(exists=lambda: True, get_instance=lambda: server))
    monkeypatch.setattr(first_answer, "_PATIENCE_S", 3600)
    yield session
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def test_a_run_ends_once_all_of_it_was_sent(session):
    loop, element = session._event_loop, ForwardMsg()
    element.delta.new_element.text.body = "the last one"
    loop.call_soon_threadsafe(session._browser_queue.enqueue, element)
    run = threading.Thread(target=first_answer.all_sent)
    run.start()
    for _ in range(3):  # the loop goes round, and nothing is sent
        asyncio.run_coroutine_threadsafe(asyncio.sleep(first_answer._LOOK_S), loop).result()
        assert run.is_alive()
    loop.call_soon_threadsafe(session._browser_queue.flush)
    run.join()


def test_a_run_that_nobody_watches_does_not_wait(session, monkeypatch):
    monkeypatch.setattr(first_answer, "get_script_run_ctx", lambda: SimpleNamespace(session_id="gone"))
    session._browser_queue.enqueue(ForwardMsg())
    first_answer.all_sent()
