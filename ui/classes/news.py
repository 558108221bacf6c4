"""What changes by itself on the teacher's page while a class works, said to who hears the page: the newest, at times.

Thirty pupils answer within a minute; a word for each would leave nobody in peace.
"""

from __future__ import annotations

from time import monotonic

import streamlit as st

from ui.shared import aloud

_KNOWN, _SAID_AT = "_teach_news", "_teach_news_at"
_EVERY_S = 10.0


def wait() -> None:
    """What a press has led to is said, and nothing over it."""
    st.session_state[_SAID_AT] = monotonic()


def tell(about: str, words: str) -> None:
    """Call in a fragment that runs by itself. What is so when the page opens is read there; what has changed is said
    at once, and for ten seconds after that nothing else is.

    about: what the words are about, the same until they are about another step or class.
    """
    known = st.session_state.setdefault(_KNOWN, {})
    quiet_s = monotonic() - st.session_state.get(_SAID_AT, -_EVERY_S)
    if about not in known:
        known[about] = words
    elif known[about] != words and quiet_s >= _EVERY_S:
        known[about] = words
        wait()
        aloud.say(words)
    with st.container(key=f"news_{about.partition(' ')[0]}"):
        aloud.show()
