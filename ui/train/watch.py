"""One run while it trains and afterwards: how far it is, its curves, and what it has learned for the chosen digit."""

from __future__ import annotations

import contextlib
import time

import numpy as np
import streamlit as st

from core.runs import damage, diagnosis, folders, queue, recorder, schema
from core.runs import history as runs_history
from core.runs.folders import Run, RunError, State
from ui.classes import gate
from ui.shared import aloud, charts, controls, state, text, visitor
from ui.train import colours, learned, metric, recorded, replay, settings
from ui.train import history as train_history
from viz import training_curves
from words import N_, _, plural

_EVERY_S = 1.5
# until the first numbers
_SOON_S = 0.5
# what is dragged over should not move under the hand
_SELDOM_S = 6.0
_PATIENCE_S = 1.0
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
_VERDICTS = {
    "nan": (N_("Rate too large"), "red", ":material/error:"),
    "guessing": (N_("Rate too large"), "red", ":material/casino:"),
    "slow": (N_("Too slow"), "orange", ":material/hourglass_empty:"),
    "falling": (N_("Train longer"), "blue", ":material/trending_down:"),
    "overfitting": (N_("Overfitting"), "orange", ":material/unfold_more:"),
    "low": (N_("Standing still"), "orange", ":material/trending_flat:"),
    "fine": (N_("Fine"), "green", ":material/check:"),
}
_BUTTONS = {
    "pause": (N_("Pause"), ":material/pause:"),
    "resume": (N_("Resume"), ":material/play_arrow:"),
    "stop": (N_("Stop"), ":material/stop:"),
}
# "Resume" in any font that a browser has; see `_buttons`
_SLOT_PX = 124
NO_RUN = N_(
    "No run yet: choose settings under “Set up” and press “Start training”. Meanwhile you can watch the recorded ones."
)
# the container with the state of the run
STATUS = "run_status"
_ERROR = "_watch_error"
# the run that is watched, and its state as it was shown last
_SEEN = "_watch_seen"
_GONE = "_watch_gone"
# where a run is that an order has brought there
_REACHED = {
    queue.pause: ("paused",),
    queue.resume: ("queued", "starting", "running", "waiting"),
    queue.stop: ("stopped",),
}


def badge(status: str) -> None:
    """The state of a run in one word."""
    label, colour, icon = _BADGES[status]
    st.badge(_(label), color=colour, icon=icon)


def is_over(status: str) -> bool:
    """Whether nothing will change any more by itself."""
    return status in folders.ENDED


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
    over, every = is_over(run.state.status), _every(run, run.state)
    st.fragment(_live, run_every=every)(run, over, every)
    st.fragment(_metric, run_every=None if over else _SELDOM_S)(run)


def _metric(run: Run) -> None:
    with contextlib.suppress(RunError):  # deleted at this moment: the other part says so
        metric.show(run)


def _every(run: Run, now: State) -> float | None:
    """Seconds between two looks at a run; a run that has ended needs none."""
    if is_over(now.status):
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
        _buttons(run, now)
        recorded.note(run)
        gate.note_of_run(run.spec)
        if error := st.session_state.pop(_ERROR, None):
            st.error(text.plain(error))
        for said in damage.damages(run):
            st.warning(text.plain(said), icon=":material/broken_image:")
        _status(run, now)
        _curves(run, over)
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
    if is_over(now.status) and epochs:
        accuracy = _("Validation accuracy")
        said = f"{said}. {accuracy}: {epochs[-1]['val_accuracy']:.2%}"
    aloud.say(said)


def _status(run: Run, now: State) -> None:
    spec = run.spec
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key=STATUS):
        badge(now.status)
        st.markdown(sentence(run, now))
    if len(run.epochs()) == spec.epochs:
        where = _("All {count} epochs", count=spec.epochs)
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


def _buttons(run: Run, now: State) -> None:
    """Above all that grows and shrinks, and each in a place of its own: a browser keeps the button that goes for a
    moment beside the one that comes, and what stands behind them would move away under a finger that is on it."""
    if is_over(now.status) and now.status not in folders.RESUMABLE:
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
            if not is_over(now.status):
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


def _use_settings(run: Run) -> None:
    try:
        state.put({**settings.settings_of(run.spec), "train_part": "setup"})
    except RunError as error:  # deleted since the page was drawn
        st.session_state[_GONE] = str(error)


def _curves(run: Run, over: bool) -> None:
    spec, rows, epochs = run.spec, run.batches(), run.epochs()
    if not len(rows):
        st.caption(_("The curves begin with the first batch."))
        return
    _diagnosis(diagnosis.diagnose(spec, rows, epochs, run.state.status))
    # what has ended can be watched again
    if over and controls.choice("train_view", _("Curves"), names=settings.said(settings.VIEWS)) == "replay":
        replay.show(run, rows, epochs)
    else:
        _charts(run, rows, epochs, over)
    train_history.show(run, epochs)


def _charts(run: Run, rows: np.ndarray, epochs: list[dict], over: bool) -> None:
    end = None if over else float(run.spec.epochs)
    for place, measure in zip(st.columns(2, gap="medium"), settings.MEASURES, strict=True):
        with place:
            charts.show(
                training_curves.one(curve(run, measure, "epoch", rows, epochs), measure, end=end),
                config=training_curves.CONFIG,
                key=f"watch_{measure}",
            )
    every = runs_history.thinning(len(rows))
    average = _(
        "An epoch's training value is the mean over the epoch, while it learned and with Dropout on; validation comes "
        "after it, with Dropout off, so that it is often the better one."
    )
    said = [average]
    if every > 1:
        said.append(_("Each point of the thin line is the mean of {count} batches.", count=every))
    st.caption(" ".join(said))


def _diagnosis(found: diagnosis.Diagnosis | None) -> None:
    if found is None:
        st.caption(_("The curves say nothing yet: too few steps."))
        return
    label, colour, icon = _VERDICTS[found.kind]
    with st.container(border=True):
        st.markdown(f":{colour}-badge[{icon} {_(label)}] {found.words}")


def curve(
    run: Run, measure: str, axis: str, rows: np.ndarray | None = None, epochs: list[dict] | None = None
) -> training_curves.Curve:
    """A run's measure as its pages draw it."""
    spec = run.spec
    rows = run.batches() if rows is None else rows
    epochs = run.epochs() if epochs is None else epochs
    return training_curves.Curve(
        run.name,
        colours.of(run),
        runs_history.batch_curve(rows, spec.batches, measure, axis),
        runs_history.epoch_curve(epochs, measure, axis, spec.examples),
        runs_history.epoch_curve(epochs, f"val_{measure}", axis, spec.examples),
    )
