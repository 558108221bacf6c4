"""What somebody did is done although something else was asked for meanwhile."""

import pytest
from streamlit.runtime.scriptrunner_utils.exceptions import RerunException
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests
from streamlit.runtime.state import SessionState
from streamlit.runtime.state.safe_session_state import SafeSessionState

from ui.server import callbacks


@pytest.fixture
def run(monkeypatch):
    """A run's state, whose one callback sets two values; what is asked of the run; a stand-in for Streamlit's own
    words, at which a run looks whether it should end."""
    for owner, name in ((SafeSessionState, "on_script_will_rerun"), (ScriptRequests, "on_scriptrunner_yield")):
        monkeypatch.setattr(owner, name, getattr(owner, name))  # put back after the test
    requests = ScriptRequests()

    def look():
        if requests.on_scriptrunner_yield() is not None:
            raise RerunException(RerunData())

    state = SafeSessionState(SessionState(), look)

    def pressed(self, *args, **options):
        for name in ("first", "second"):
            state[name] = True

    monkeypatch.setattr(SessionState, "on_script_will_rerun", pressed)
    return state, requests, look


def test_a_callback_is_not_cut_short_by_what_is_asked_for_next(run):
    state, requests, look = run
    requests.request_rerun(RerunData())
    with pytest.raises(RerunException):  # as Streamlit does it
        state.on_script_will_rerun(None)
    assert "first" not in state
    callbacks.keep_whole()
    callbacks.keep_whole()  # once is enough
    requests.request_rerun(RerunData())
    state.on_script_will_rerun(None)
    with pytest.raises(RerunException):  # and then the run ends
        look()
    assert state["first"] and state["second"]


def test_a_callback_that_fails_leaves_runs_that_can_end(run, monkeypatch):
    state, requests, look = run

    def fails(self, *args, **options):
        raise ValueError

    callbacks.keep_whole()
    monkeypatch.setattr(SessionState, "on_script_will_rerun", fails)
    with pytest.raises(ValueError):
        state.on_script_will_rerun(None)
    requests.request_rerun(RerunData())
    with pytest.raises(RerunException):
        look()
