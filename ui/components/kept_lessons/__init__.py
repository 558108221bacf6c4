"""What a browser remembers of lessons from one day to the next; nothing to see."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ui.components import frame, register, sent

_mount = register("kept_lessons")
_KEY = "kept_lessons"


def kept_lessons(
    keep: Mapping[str, tuple[int, str] | None], asks: bool, found: Callable[[dict[str, object]], None]
) -> None:
    """keep: lessons with step and answers to be remembered, None for those to be forgotten. asks: whether `found` is to
    be called with what the browser remembered until now, by lesson, whatever that is."""
    _mount(
        data=frame({"keep": dict(keep), "asks": asks}, {}),
        key=_KEY,
        on_found_change=lambda: _found(found),
    )


def _found(tell: Callable[[dict[str, object]], None]) -> None:
    known = sent(_KEY, "found")
    if isinstance(known, dict):
        tell(known)
