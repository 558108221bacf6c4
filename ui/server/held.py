"""No message is left out that a browser has forgotten meanwhile.

Streamlit sends a browser that holds a message already its hash only. Which ones it holds the browser says with each
question; some runs after a message came last, it forgets it (`global.maxCachedMessageAge`). But a question may be asked
while a run goes on, and with the end of that one the browser forgets what it has just said to hold: "Cached ForwardMsg
MISS", and the page is dead. (Tried: a press on Upload while the first page tells of another thing, one time of ten on
a busy machine.)

So what a browser must have forgotten by then is reckoned here as well, a little earlier than the browser does it, and
sent once more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext

from core.libraries import wrapped

# Runs; the browser is told two more in .streamlit/config.toml, for it may read a message before the end of the run
# that came earlier.
OLDEST = 2


class Held:
    """What the browser of a session holds: hash → the run in which it came last, and its fragment."""

    def __init__(self) -> None:
        self.run = 0
        self.messages: dict[str, tuple[int, str]] = {}
        self.fragments: Sequence[str] = ()

    def begins(self, fragments: Sequence[str]) -> None:
        """The run before has ended, and the next one begins. fragments: that it is of; none: of the whole script."""
        self.run += 1
        self.messages = {hash: held for hash, held in self.messages.items() if not self._forgotten(*held)}
        self.fragments = fragments

    def _forgotten(self, run: int, fragment: str) -> bool:
        """A run of fragments forgets only what is theirs."""
        return self.run - run > OLDEST and (not self.fragments or fragment in self.fragments)

    def sent(self, message: ForwardMsg) -> None:
        """Note it; where it goes as a hash, too."""
        if message.metadata.cacheable and message.hash:
            _run, fragment = self.messages.get(message.hash, (0, message.delta.fragment_id))
            self.messages[message.hash] = self.run, fragment

    def of(self, said: Iterable[str]) -> frozenset[str]:
        """What is held of what a browser said to hold."""
        return frozenset(said) & self.messages.keys()


_held: WeakKeyDictionary[PagesManager, Held] = WeakKeyDictionary()


def remember() -> None:
    """Call before the first run; for all sessions of this process."""
    wrapped.once(ScriptRunContext, "reset", _begins)
    wrapped.once(ScriptRunContext, "enqueue", _noted)


def _begins(reset: Callable[..., None]) -> Callable[..., None]:
    def begins(self: ScriptRunContext, *args: Any, **options: Any) -> None:
        reset(self, *args, **options)
        held = _of(self)
        held.begins(tuple(self.fragment_ids_this_run or ()))
        self.cached_message_hashes = held.of(self.cached_message_hashes)

    return begins


def _noted(enqueue: Callable[[ScriptRunContext, ForwardMsg], None]) -> Callable[[ScriptRunContext, ForwardMsg], None]:
    def noted(self: ScriptRunContext, message: ForwardMsg) -> None:
        enqueue(self, message)
        _of(self).sent(message)

    return noted


def _of(context: ScriptRunContext) -> Held:
    """Kept for each session's list of pages, which outlives the thread of a run; a session has one."""
    return _held.setdefault(context.pages_manager, Held())
