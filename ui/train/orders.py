"""What can be told to a run: pause, resume, stop."""

from __future__ import annotations

import time

import streamlit as st

from core.runs import folders, queue
from core.runs.folders import Run, RunError, State
from ui.shared import aloud, text, visitor
from words import N_, _, plural

_PATIENCE_S = 1.0
_BUTTONS = {
    "pause": (N_("Pause"), ":material/pause:"),
    "resume": (N_("Resume"), ":material/play_arrow:"),
    "stop": (N_("Stop"), ":material/stop:"),
}
# "Resume" in any font that a browser has; see `show`
_SLOT_PX = 124
_ERROR = "_watch_error"
# where a run is that an order has brought there
_REACHED = {
    queue.pause: ("paused",),
    queue.resume: ("queued", "starting", "running", "waiting"),
    queue.stop: ("stopped",),
}


def show(run: Run, now: State) -> None:
    """Above all that grows and shrinks, and each in a place of its own: a browser keeps the button that goes for a
    moment beside the one that comes, and what stands behind them would move away under a finger that is on it."""
    if now.status in folders.ENDED and now.status not in folders.RESUMABLE:
        return
    if not visitor.may_change(run):
        st.caption(f":material/visibility: {_(visitor.NOT_YOURS)}")
        return
    with st.container(horizontal=True, gap="small"):
        with st.container(width=_SLOT_PX):
            if now.status == "running":
                _button(run, "pause", queue.pause, _("Stands still with everything in memory."))
            elif now.status == "paused":
                _button(run, "resume", queue.resume, _("Goes on at the next batch."))
            elif now.status in folders.RESUMABLE:
                _resume(run)
            else:  # it keeps its place, and the one beside it too
                _button(run, "pause", queue.pause, _("Possible once it trains."), disabled=True)
        with st.container(width=_SLOT_PX):
            if now.status not in folders.ENDED:
                _button(run, "stop", queue.stop, _("Ends it and keeps what it has learned."))


def _resume(run: Run) -> None:
    """Where it cannot go on, say why, and ask before anything is lost."""
    if why := queue.needs_start_over(run):
        label, icon = _BUTTONS["resume"]
        with st.popover(_(label), icon=icon, width="stretch"):
            st.markdown(text.plain(why))
            label = plural(
                "Delete what it measured ({count} epoch) and train again",
                "Delete what it measured ({count} epochs) and train again",
                len(run.epochs()),
            )
            st.button(label, key="watch_again", on_click=_act, args=(_start_over, run))
    else:
        _button(run, "resume", queue.resume, _("Goes on after epoch {epoch}.", epoch=len(run.epochs())))


def _start_over(run: Run) -> None:
    queue.resume(run, from_start=True)


def _button(run: Run, name: str, action, help: str, disabled: bool = False) -> None:
    label, icon = _BUTTONS[name]
    st.button(
        _(label),
        icon=icon,
        key=f"watch_{name}",
        help=help,
        on_click=_act,
        args=(action, run),
        width="stretch",
        disabled=disabled,
    )


def _act(action, run: Run) -> None:
    before = run.state.status
    if before in _REACHED.get(action, ()):  # pressed twice, or in another window as well
        return
    try:
        if not visitor.may_change(run):  # whoever pressed a button that was not there
            raise RunError(_(visitor.NOT_YOURS))
        action(run)
    except RunError as error:  # it ended between the picture and the press
        st.session_state[_ERROR] = str(error)
        return
    # its process obeys within a batch: worth a moment, so that the answer to the press is what came of it
    deadline = time.monotonic() + _PATIENCE_S
    while run.state.status == before and time.monotonic() < deadline:
        time.sleep(0.05)
    if run.state.status == before:
        aloud.say(_("{run}: asked for, and done within a moment", run=run.name))


def failed() -> str | None:
    """Why what was pressed last could not be done; said once."""
    return st.session_state.pop(_ERROR, None)
