"""How often somebody may guess what they should know: a password, the code of a class."""

from __future__ import annotations

import time
from collections import deque

import streamlit as st


class Tries:
    """Wrong guesses, of one window and of all windows of a server within some minutes: a new window is opened soon."""

    def __init__(self, key: str, most: int, most_of_all: int, within_s: float):
        """key: in the session, where a window's are counted; within_s: how long those of all count."""
        self.key, self.most, self.within_s = key, most, within_s
        self.of_all: deque[float] = deque(maxlen=most_of_all)

    def wrong(self) -> None:
        """Count one."""
        st.session_state[self.key] = st.session_state.get(self.key, 0) + 1
        self.of_all.append(time.monotonic())

    def listens(self) -> bool:
        """Whether another guess is listened to: after some wrong ones it is not, in this window for good, and after
        many of them in any window for some minutes."""
        full = len(self.of_all) == self.of_all.maxlen and time.monotonic() - self.of_all[0] < self.within_s
        return not full and st.session_state.get(self.key, 0) < self.most
