"""A browser is never referred to a message that it has forgotten, however old the question is that it asked."""

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit import config
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.runtime.state import SessionState
from streamlit.runtime.state.safe_session_state import SafeSessionState

from ui.server import held

# a run: fragments that it is of, the numbers of the messages that it sends, how many runs had ended for the browser
# when it asked for this one fewer than have now, and whether it reads messages before it forgets old ones
RUNS = st.lists(
    st.tuples(
        st.sampled_from([(), ("a",), ("b",), ("a", "b")]),
        st.lists(st.integers(0, 5), max_size=4, unique=True),
        st.integers(0, 3),
        st.booleans(),
    ),
    max_size=30,
)
FRAGMENTS = ["", "a", "b", "", "a", "b"]


class Browser:
    """Streamlit's ForwardMessageCache, as its script in the browser has it."""

    def __init__(self):
        self.messages, self.run = {}, 0
        self.said = [()]  # what it held at the end of each run

    def takes(self, message):
        if message.ref_hash:
            assert message.ref_hash in self.messages, "Cached ForwardMsg MISS"
            self.messages[message.ref_hash][0] = self.run
        else:
            self.messages.setdefault(message.hash, [self.run, message.delta.fragment_id])[0] = self.run

    def forgets(self, fragments):
        oldest = config.get_option("global.maxCachedMessageAge")
        self.run += 1
        for hash, (run, fragment) in list(self.messages.items()):
            if (not fragments or fragment in fragments) and self.run - run > oldest:
                del self.messages[hash]


@pytest.fixture
def context(monkeypatch):
    return session(monkeypatch)


def session(monkeypatch):
    """The context of a session's runs, and what it sends."""
    for name in ("reset", "enqueue"):
        own = getattr(ScriptRunContext, name)
        monkeypatch.setattr(ScriptRunContext, name, inspect.unwrap(own))
    sent = []
    held.remember()
    held.remember()  # a second server in the same process
    made = ScriptRunContext(
        session_id="one",
        _enqueue=sent.append,
        query_string="",
        session_state=SafeSessionState(SessionState(), lambda: None),
        uploaded_file_mgr=MemoryUploadedFileManager("/files"),
        main_script_path="dashboard.py",
        user_info={},
        fragment_storage=MemoryFragmentStorage(),
        pages_manager=PagesManager("dashboard.py"),
    )
    return made, sent


def message(number):
    made = ForwardMsg()
    made.delta.new_element.markdown.body = f"{number}" * 20_000  # below 10 kB nothing is kept
    made.delta.fragment_id = FRAGMENTS[number]
    return made


def run(context, sent, said, numbers, fragments=()):
    """One run of messages; returns them as they go to the browser."""
    context.reset(cached_message_hashes=frozenset(said), fragment_ids_this_run=list(fragments))
    sent.clear()
    for number in numbers:
        context.enqueue(message(number))
    return list(sent)


@given(RUNS)
def test_what_is_referred_to_is_there(runs):
    with pytest.MonkeyPatch.context() as patch:
        made, sent = session(patch)
        browser, ended = Browser(), None
        for fragments, numbers, late, reads_early in runs:
            said = browser.said[max(0, len(browser.said) - 1 - late)]
            came = run(made, sent, said, numbers, fragments)
            if ended is not None and not reads_early:
                browser.forgets(ended)
                ended = None
            for each in came:
                browser.takes(each)
            if ended is not None:
                browser.forgets(ended)
            browser.said.append(tuple(browser.messages))
            ended = fragments


def test_without_this_it_would_not_be(context):
    made, sent = context
    browser = Browser()
    for number in (0, 3, 3, 3, 3):
        for each in run(made, sent, browser.messages, [number]):
            browser.takes(each)
        said = tuple(browser.messages)
        browser.forgets(())
    assert len(said) == 2 and len(browser.messages) == 1
    assert not run(made, sent, said, [0])[0].ref_hash


def test_what_came_lately_goes_as_a_hash(context):
    made, sent = context
    first = run(made, sent, (), [0])[0]
    assert not first.ref_hash
    again = run(made, sent, [first.hash], [0, 3])
    assert again[0].ref_hash == first.hash and not again[1].ref_hash
