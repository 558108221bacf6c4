"""Nothing to see: when a browser changes between light and dark, the page is drawn anew."""

from __future__ import annotations

from ui.components import frame, register

_mount = register("theme_watch")
_KEY = "theme_changed"


def theme_watch(theme: str) -> None:
    """theme: the one that the page is drawn in, "light" or "dark"."""
    _mount(data=frame({"theme": theme}, {}), key=_KEY, on_change_change=_changed)


def _changed() -> None:
    """The run that this begins knows of the other theme."""
