"""What is drawn around a page besides what follows its settings (`ui.shared.followers`), said in a few values.

A page of a layer runs alone when one of its widgets is used. Where these values are as they were in the last run of the
whole script, all around the page is as well, and need not be made again.
"""

from __future__ import annotations

from ui.classes import gate as classes
from ui.lessons import gate as lessons
from ui.shared import network_choice, state, theme
from ui.train import pill

# what the sidebar and the page's frame show
_SETTINGS = ("split", "digit", "index", "drawn", "net_epoch")


def page() -> tuple[object, ...] | None:
    """Those values; None where a lesson or a class stands beside the page, which look at all that is done on it."""
    if not lessons.introduces() or classes.stands():
        return None
    return (
        *map(state.get, _SETTINGS),
        network_choice.shown(),
        bool(state.link_notes()),
        bool(pill.now()),
        theme.watched(),
    )
