"""The pause after a page's picture: it ends as soon as somebody uses a widget again, also within the page. What comes
after it: the rest of the page alone, where all around it is as it was. And the end of a whole run: not before the
browser was sent all of it."""

import asyncio
import threading
from types import SimpleNamespace

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests
from streamlit.runtime.session_manager import ActiveSessionInfo

from ui.shared import first_answer, followers


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


class EndedError(Exception):
    """A run that ended for another one, of `scope`."""


@pytest.fixture
def alone(monkeypatch, requests):
    """A page that runs alone, in a session whose last whole run drew 1 around it."""

    def rerun(scope):
        raise EndedError(scope)

    here = SimpleNamespace(session_state={}, rerun=rerun)
    monkeypatch.setattr(first_answer, "st", here)
    monkeypatch.setattr(first_answer, "_PAUSE_S", 0.0)
    first_answer.remember(1)
    here.session_state[first_answer._ALONE] = lambda: 1
    return here.session_state


def test_the_rest_of_a_page_follows_its_picture(alone):
    first_answer.now()
    first_answer.now()  # pages say it where their picture may end


def test_all_around_the_page_is_drawn_anew_where_it_is_another(alone):
    alone[first_answer._ALONE] = lambda: 2
    with pytest.raises(EndedError, match="app"):
        first_answer.now()


@pytest.mark.parametrize("now", [None, 1])
def test_and_where_nobody_can_say_what_it_is(alone, now):
    first_answer.remember(None)
    alone[first_answer._ALONE] = lambda: now
    with pytest.raises(EndedError, match="app"):
        first_answer.now()


def test_somebody_who_goes_on_gets_the_next_picture_first(alone, requests):
    requests.request_rerun(RerunData(fragment_id="the page"))
    with pytest.raises(EndedError, match="fragment"):
        first_answer.now()


def test_a_page_in_a_run_of_the_whole_script_is_not_interrupted(alone, requests):
    alone[first_answer._ALONE] = None
    requests.request_rerun(RerunData(fragment_id="the page"))
    first_answer.now()


def test_what_follows_the_page_runs_after_it_and_ends_nothing(monkeypatch):
    requests = ScriptRequests()
    context = SimpleNamespace(
        script_requests=requests,
        query_string="net=mine",
        page_script_hash="page",
        cached_message_hashes=frozenset({"held"}),
        context_info=None,
    )
    session = {}
    monkeypatch.setattr(followers, "get_script_run_ctx", lambda: context)
    monkeypatch.setattr(followers, "st", SimpleNamespace(session_state=session))
    followers.begin()
    followers.run()
    assert requests.on_scriptrunner_ready().type.name == "STOP"  # none was asked for
    requests = context.script_requests = ScriptRequests()
    session[followers._IDS] += ["menu", "map"]
    followers.run()
    assert requests.on_scriptrunner_yield() is None
    wanted = requests.on_scriptrunner_ready().rerun_data
    assert (wanted.fragment_id_queue, wanted.query_string) == (["menu", "map"], "net=mine")
