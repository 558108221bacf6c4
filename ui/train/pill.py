"""A pill at the top of every page while something trains: its name, how far it is, and the way to it.

Nothing is drawn while nothing trains: to know that takes one look at a lock. Where something trains the browser asks
for its state by itself (`ui.server.training`), so that no page runs again because of it.
"""

from __future__ import annotations

import streamlit as st

from core.runs import folders
from ui.components.training_pill import training_pill
from ui.server.training import ADDRESS
from ui.shared import navigation, state
from words import _

_OPEN = "_open_run"
_STILL = ("paused", "waiting")


def show() -> None:
    """Call last on a page, so that nothing else changes its place when the pill comes or goes."""
    if st.session_state.pop(_OPEN, False) and state.page() != "train":
        st.switch_page(navigation.page("train"), query_params=state.changed())
    if at := now():
        # ui/server/deep_links.py puts what has this key over the page's head
        with st.container(key="training_pill"):
            training_pill(at, ADDRESS, _open)


def now(shown: str = "") -> dict:
    """The run that trains, as the pill shows it; where none does the one that it shows so far, by its id, while that
    stands still; empty where there is none."""
    run = folders.at_work() or _standing_still(shown)
    if run is None:
        return {}
    try:
        spec, at, name = run.spec, run.state, run.name
    except folders.RunError:  # deleted at this moment
        return {}
    if at.status in _STILL:
        where = _("stands still")  # not the word on the button that does it: who names a button means one
    elif at.status == "starting":
        where = _("starting")
    else:
        where = _("epoch {epoch} of {epochs}", epoch=min(at.epoch + 1, spec.epochs), epochs=spec.epochs)
    return {"id": run.id, "name": name, "where": where, "share": min(1.0, at.seen / (spec.epochs * spec.examples))}


def _standing_still(shown: str) -> folders.Run | None:
    run = folders.find(shown)
    return run if run and run.state.status in _STILL else None


def _open(run_id: str) -> None:
    if folders.find(run_id):
        state.put({"train_part": "watch", "train_run": run_id})
        st.session_state[_OPEN] = True
