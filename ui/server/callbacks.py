"""What somebody did is done, whatever they do next.

A second message of a browser ends the run of the first one at the next word that the script says to Streamlit, and it
says some before and within its callbacks. So a press on Stop, or a pick, was gone where something else was clicked
some hundredths of a second later: what is pressed comes with one message only (tried: one pick of two on a busy
machine). Here a run has called all its callbacks before it looks whether it should end. The other half is in
.streamlit/config.toml: with `fastReruns` a second message stops a run that has not even begun.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequest, ScriptRequests
from streamlit.runtime.state.safe_session_state import SafeSessionState

from core.libraries import wrapped

_here = threading.local()


def keep_whole() -> None:
    """Call before the first run; for all sessions of this process."""
    wrapped.once(SafeSessionState, "on_script_will_rerun", _whole)
    wrapped.once(ScriptRequests, "on_scriptrunner_yield", _later)


def _whole(call_back: Callable[..., None]) -> Callable[..., None]:
    def whole(self: SafeSessionState, *args: Any, **options: Any) -> None:
        _here.calls_back = True
        try:
            call_back(self, *args, **options)
        finally:
            _here.calls_back = False

    return whole


def _later(look: Callable[[ScriptRequests], ScriptRequest | None]) -> Callable[[ScriptRequests], ScriptRequest | None]:
    def later(self: ScriptRequests) -> ScriptRequest | None:
        return None if getattr(_here, "calls_back", False) else look(self)

    return later
