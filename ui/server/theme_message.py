"""The theme, which Streamlit tells each browser at the start of each run, is put together once.

It reads some fifty options for each of six parts of the theme and looks up how each is called in the message: a twelfth
of what a press on a slider cost the server. No option of a theme changes while a server runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from streamlit.runtime import app_session

from core.libraries import wrapped


def remember() -> None:
    """Call when the server starts, with its options read; for all sessions of this process."""
    wrapped.once(app_session, "_populate_theme_msg", _remembered)


def _remembered(populate: Callable[[Any, str], None]) -> Callable[..., None]:
    made: dict[str, Any] = {}

    def remembered(message: Any, section: str = "theme") -> None:
        if section not in made:
            fresh = type(message)()
            populate(fresh, section)
            made[section] = fresh
        if made[section].ListFields():  # a part without options is none
            message.MergeFrom(made[section])

    return remembered
