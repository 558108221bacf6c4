"""One run while it trains and afterwards: how far it is, its curves, and what it has learned for the chosen digit."""

from __future__ import annotations

import contextlib

import streamlit as st

from core.runs import damage, folders, queue, recorder, schema
from core.runs import history as runs_history
from core.runs.folders import Run, RunError, State
from ui.classes import gate
from ui.shared import aloud, controls, state, text
from ui.train import curves, learned, metric, orders, recorded, settings
from words import N_, _, plural

_EVERY_S = 1.5
# until the first numbers
_SOON_S = 0.5
# what is dragged over should not move under the hand
_SELDOM_S = 6.0
_BADGES = {
    "queued": (N_("Waiting for its turn"), "gray", ":material/hourglass_empty:"),
    "starting": (N_("Starting"), "blue", ":material/hourglass_top:"),
    "running": (N_("Training"), "green", ":material/play_arrow:"),
    "waiting": (N_("Waiting to go on"), "gray", ":material/hourglass_empty:"),
    "paused": (N_("Paused"), "orange", ":material/pause:"),
    "finished": (N_("Finished"), "green", ":material/check:"),
    "stopped": (N_("Stopped"), "gray", ":material/stop:"),
    "diverged": (N_("Diverged"), "red", ":material/trending_up:"),
    "failed": (N_("Failed"), "red", ":material/error:"),
    "interrupted": (N_("Interrupted"), "red", ":material/power_off:"),
}
NO_RUN = N_(
    "No run yet: choose settings under “Set up” and press “Start training”. Meanwhile you can watch the recorded ones."
)
# the container with the state of the run
STATUS = "run_status"
# the run that is watched, and its state as it was shown last
_SEEN = "_watch_seen"
_GONE = "_watch_gone"


def badge(status: str) -> None:
    """The state of a run in one word."""
    label, colour, icon = _BADGES[status]
    st.badge(_(label), color=colour, icon=icon)


def show() -> None:
    """The chosen run; the newest one where none is chosen."""
    if not folders.listed():
        st.info(_(NO_RUN), icon=":material/info:")
    run = _chosen()
    if error := st.session_state.pop(_GONE, None):
        st.error(text.plain(error))
    if run is None:
        return
    # where another clock is needed the fragment starts the page anew
    over, every = run.state.status in folders.ENDED, _every(run, run.state)
    st.fragment(_live, run_every=every)(run, over, every)
    st.fragment(_metric, run_every=None if over else _SELDOM_S)(run)
    if queue.may_go_on(run.state):
        st.fragment(_again, run_every=_EVERY_S)(run)


def _again(run: Run) -> None:
    if not queue.may_go_on(run.state):
        st.rerun(scope="app")


def _metric(run: Run) -> None:
    with contextlib.suppress(RunError):  # deleted at this moment: the other part says so
        metric.show(run)


def _every(run: Run, now: State) -> float | None:
    """Seconds between two looks at a run; a run that has ended needs none."""
    if now.status in folders.ENDED:
        return None
    return _SOON_S if now.status in ("starting", "running") and not len(run.batches()) else _EVERY_S


def _chosen() -> Run | None:
    every = folders.usable()
    names = folders.names(every)
    if not names:
        return None
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        with st.container(width=420):
            picked = controls.pick("train_run", _("Run"), list(names), lambda run_id: names.get(run_id, run_id))
        run = folders.Run(picked)
        st.button(
            _("Use these settings"),
            icon=":material/tune:",
            key="watch_settings",
            help=_("Puts this run's settings and network into “Set up”: change one, start again, compare."),
            on_click=_use_settings,
            args=(run,),
        )
    return run


def _live(run: Run, over: bool, every: float | None) -> None:
    if folders.find(run.id) is None:  # deleted in another window
        st.rerun(scope="app")
    now = run.state
    _tell(run, now)
    if _every(run, now) != every:
        st.rerun(scope="app")
    try:
        orders.show(run, now)
        recorded.note(run)
        gate.note_of_run(run.spec)
        if error := orders.failed():
            st.error(text.plain(error))
        for said in damage.damages(run):
            st.warning(text.plain(said), icon=":material/broken_image:")
        _status(run, now)
        curves.show(run, over)
        learned.show(run, over)
        aloud.show(STATUS)
    except RunError as error:  # deleted or damaged at this moment
        st.error(text.plain(str(error)))


def _tell(run: Run, now: State) -> None:
    """Another state of the run that somebody watches, aloud, whether a press has led to it or it came by itself."""
    if now.status == "starting":  # and soon training
        return
    before, st.session_state[_SEEN] = st.session_state.get(_SEEN), (run.id, now.status)
    if before is None or before[0] != run.id or before[1] == now.status:
        return
    said = f"{run.name}: {_(_BADGES[now.status][0])}"
    epochs = run.epochs()
    if now.status in folders.ENDED and epochs:
        accuracy = _("Validation accuracy")
        said = f"{said}. {accuracy}: {epochs[-1]['val_accuracy']:.2%}"
    aloud.say(said)


def _status(run: Run, now: State) -> None:
    spec = run.spec
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key=STATUS):
        badge(now.status)
        st.markdown(sentence(run, now))
    if len(run.epochs()) == spec.epochs:
        where = plural("The only epoch", "All {count} epochs", spec.epochs)
    else:
        where = _(
            "Epoch {epoch} of {epochs}, batch {batch:,} of {batches:,}",
            epoch=min(now.epoch + 1, spec.epochs),
            epochs=spec.epochs,
            batch=now.batch,
            batches=spec.batches,
        )
    st.progress(runs_history.progress(run), text=where)
    if now.devices > 1:
        st.caption(
            _(
                "On {count} devices: each takes its equal part of every batch, and all take the same step.",
                count=now.devices,
            )
        )
    with st.container(horizontal=True, gap="large"):
        left = runs_history.seconds_left(run)
        pairs = [
            (_("Images seen"), f"{now.seen:,}"),
            (_("Images per second"), f"{now.images_per_second:,.0f}" if now.images_per_second else "–"),
            (_("Time left"), text.duration(left) if left is not None and now.status == "running" else "–"),
        ]
        epochs = run.epochs()
        for name, label in (("accuracy", _("Training accuracy")), ("val_accuracy", _("Validation accuracy"))):
            pairs.append((label, f"{epochs[-1][name]:.2%}" if epochs else "–"))
        for label, value in pairs:
            st.metric(label, value, width="content")


def sentence(run: Run, now: State) -> str:
    """What the state means for this run, as Markdown: its place in the queue, or what happened."""
    if now.status == "queued":
        ahead = [waiting.id for waiting in folders.queue()]
        place = ahead.index(run.id) + 1 if run.id in ahead else 1
        wait = runs_history.seconds_until_start(run, queue.places())
        said = _("Place {place} in the queue: {reason}.", place=place, reason=text.plain(queue.waits_for()))
        if wait:
            begins = _("It begins in about {duration}, by the pace of earlier runs.", duration=text.duration(wait))
            said = f"{said} {begins}"
        return said
    if now.message:
        return text.plain(_(now.message), schema.LONGEST_MESSAGE)
    if now.status == "running":
        return _(
            "{precision}, engine {engine}. Leave this page or close it: the run goes on.",
            precision=now.precision,
            engine=run.spec.engine,
        )
    if now.status == "starting":
        return _("Its process loads TensorFlow and draws the start weights.")
    if now.status == "paused":
        return _(
            "It stands still with everything in memory; another run may train meanwhile. Of paused runs only the "
            "{count} that were paused last stay in memory: an older one ends, and goes on after its last whole epoch.",
            count=recorder.MOST_PAUSED,
        )
    return ""


def _use_settings(run: Run) -> None:
    try:
        state.put({**settings.settings_of(run.spec), "train_part": "setup"})
    except RunError as error:  # deleted since the page was drawn
        st.session_state[_GONE] = str(error)
