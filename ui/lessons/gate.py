"""What the frame asks of lessons at every run. Where none is open nothing else of them is imported: the first paint of
a fresh server does not wait for it."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from typing import TYPE_CHECKING

import streamlit as st

from ui.lessons import settings
from ui.shared import navigation, rounds, state
from words import _

if TYPE_CHECKING:
    from core.lessons.lesson import Lesson


def follow_link(first: bool) -> None:
    """A link to the page of all lessons that names one, /lessons?lesson=shapes, opens it. first: see `state.sync`."""
    if first and state.page() == settings.LIST and state.get("lesson"):
        import_module("ui.lessons.progress").go(state.get("lesson_step"))


def travel() -> None:
    """Call when the page is known: to the page of the step that was just opened; there, its settings once more, for
    what is at its default was left out on the way, and the browser would show what its widgets held before."""
    if settings.GO not in st.session_state:
        return
    page, values = st.session_state[settings.GO]
    if page != (state.page() or navigation.HOME):
        st.switch_page(navigation.page(page), query_params=state.changed())
    del st.session_state[settings.GO]
    st.session_state.update(values)
    rounds.renew_all()


def lesson() -> Lesson | None:
    """The lesson that stands beside the page: the one that is open; none beside the list of all."""
    return import_module("ui.lessons.progress").lesson() if _asked() else None


def _asked() -> bool:
    return bool(state.get("lesson")) and state.page() != settings.LIST


def introduces() -> bool:
    """Whether a page says first what it is about. Beside a lesson it does not: it would answer what the lesson asks."""
    return not _asked()


def beside(opened: Lesson | None) -> AbstractContextManager[bool]:
    """The place of the page, beside the lesson where one is open; gives whether the page is covered."""
    if not _asked():
        return nullcontext(False)
    return import_module("ui.lessons.dock").beside(opened)


def hides_shapes(opened: Lesson | None) -> bool:
    """Whether the sidebar's shapes would give an answer away; a sentence stands in their place then."""
    if opened is None or not import_module("ui.lessons.cover").hides(opened):
        return False
    st.caption(_("The shapes of the network come back with your answer."))
    return True
