"""All runs of this machine: where they stand, to compare, download and delete."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

import words
from core.runs import damage, folders, history, queue
from core.runs.folders import Run, RunError
from ui.classes import gate
from ui.shared import charts, controls, navigation, networks, state, tables, teacher, text, visitor
from ui.train import curves, settings, watch
from viz import memory_bars, training_curves
from words import N_, _, plural

_PAGE = 8
_ERROR = "_runs_error"
_PASSWORD = "train_teacher"
_STATES = {
    "queued": N_("queued"),
    "starting": N_("starting"),
    "running": N_("running"),
    "waiting": N_("waiting"),
    "paused": N_("paused"),
    "finished": N_("finished"),
    "stopped": N_("stopped"),
    "diverged": N_("diverged"),
    "failed": N_("failed"),
    "interrupted": N_("interrupted"),
}
_RESULTS = {
    "val_accuracy": N_("validation accuracy"),
    "val_loss": N_("validation loss"),
    "seconds": N_("seconds"),
}


def show() -> None:
    """The comparison above, the list below."""
    if error := st.session_state.pop(_ERROR, None):
        st.error(text.plain(error))
    every = folders.listed()
    if not every:
        st.info(_(watch.NO_RUN), icon=":material/info:")
    if usable := folders.usable():
        _compare(usable)
    if every:
        _own(every)
    if shipped := folders.recorded():
        st.header(_("Recorded runs"), anchor=False)
        st.caption(_("One of every preset, made elsewhere: to watch at once, at any speed, and to compare yours with."))
        _cards(shipped)
    _teacher()


def _own(every: list[Run]) -> None:
    """Those that were made here, some on a page."""
    st.header(_("All runs"), anchor=False)
    pages = -(-len(every) // _PAGE)
    count = plural("{count} run", "{count} runs", len(every))
    page = controls.pager("train_page", pages, count) if pages > 1 else 1
    _cards(every[(page - 1) * _PAGE : page * _PAGE])
    said = [_("Everybody who uses this server sees these runs. They stay on its disk until they are deleted.")]
    if visitor.shared():
        said.append(_("Who started one can stop and delete it."))
    st.caption(" ".join(said))


def _cards(shown: list[Run]) -> None:
    for run in shown:
        try:
            _card(run) if run.readable else _damaged(run)
        except RunError as error:  # deleted at this moment
            st.caption(text.plain(str(error)))


def _teacher() -> None:
    """Where there is a teacher: the way to be it, in this window."""
    if visitor.is_teacher():
        said = _("You are the teacher in this window: you can stop and delete all runs.")
        st.caption(f":material/school: {said}")
    elif visitor.has_teacher():
        with st.expander(_("For the teacher"), icon=":material/school:"):
            teacher.ask(_PASSWORD)


def _compare(every: list[Run]) -> None:
    st.header(_("Compare"), anchor=False)
    found = folders.names(every)
    names = controls.told_apart(found, found.__getitem__)
    st.session_state["train_compare"] = [run_id for run_id in state.get("train_compare") if run_id in names]
    st.multiselect(
        _("Runs to lay over each other"),
        list(found),
        key="train_compare",
        format_func=lambda run_id: names.get(run_id, run_id),
        max_selections=settings.MOST_COMPARED,
        placeholder=_("choose two or more"),
        persist_state="session",
        on_change=state.publish,
    )
    chosen = [run for run in every if run.id in state.get("train_compare")]
    try:
        _comparison(chosen)
    except RunError as error:  # deleted at this moment
        st.caption(text.plain(str(error)))


def _comparison(chosen: list[Run]) -> None:
    if not chosen:
        st.caption(
            _("Choose runs with the same seed that differ in one setting: then that setting made the difference.")
        )
        return
    with st.container(horizontal=True, gap="medium"):
        measure = controls.choice("train_measure", _("Measure"), names=settings.said(settings.MEASURES))
        axis = controls.choice("train_axis", _("Along"), names=settings.said(settings.AXES))
    chart = training_curves.several([curves.of(run, measure, axis) for run in chosen], measure, axis)
    charts.show(chart, config=training_curves.CONFIG, key="compare_curves")
    st.caption(_("Solid: training. Dashed: validation. Thin: batches. A run has the same colour under “Watch”."))
    _table(chosen)
    st.download_button(
        _("Curves as a page (HTML)"),
        data=_in_this_language(lambda: training_curves.as_page("Layer Lab", [chart])),
        file_name="curves.html",
        mime="text/html",
        icon=":material/download:",
        key="compare_download",
        on_click="ignore",
        help=_("One file that any browser opens without a network. The camera above the curves saves a picture."),
    )


def _in_this_language(make: Callable[[], bytes | str]) -> Callable[[], bytes | str]:
    """The same for Streamlit, which makes a file outside of any session, once somebody wants it."""
    chosen = words.language()

    def made() -> bytes | str:
        with words.using(chosen):
            return make()

    return made


def _table(chosen: list[Run]) -> None:
    """Settings that differ are bold and on top, results first of all."""
    head = (_("setting"), *(text.plain(run.name) for run in chosen))
    rows = [(_("**state**"), *(_(_STATES[run.state.status]) for run in chosen))]
    for name, shown in _RESULTS.items():
        rows.append((f"**{_(shown)}**", *(_result(run, name) for run in chosen)))
    for name, texts, differ in history.differences(chosen):
        # a kernel of a network as text has bars, and so has the table
        values = [value.replace("|", r"\|") for value in texts]
        rows.append((f"**{name}**", *(f"**{value}**" for value in values)) if differ else (name, *values))
    st.markdown(tables.markdown(head, rows))
    if len(chosen) > 1:
        if len({run.spec.seed for run in chosen}) == 1:
            said = _("Bold settings differ. All have the same seed: same start weights, same order.")
        else:
            said = _("Bold settings differ. The seeds differ too.")
        st.caption(said)


def _result(run: Run, name: str) -> str:
    epochs = run.epochs()
    if not epochs:
        return "–"
    value = epochs[-1][name]
    return {"val_accuracy": f"{value:.2%}", "seconds": f"{value:.0f}"}.get(name, f"{value:.4f}")


def _card(run: Run) -> None:
    now, spec, epochs = run.state, run.spec, run.epochs()
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            watch.badge(now.status)
            st.markdown(f"**{text.plain(run.name)}**")
        result = _("no epoch yet")
        if epochs:
            result = _("validation accuracy {share:.2%}", share=epochs[-1]["val_accuracy"])
        facts = _(
            "{done} of {epochs} epochs, {result}, {engine}, {precision}, {size} on disk.",
            done=len(epochs),
            epochs=spec.epochs,
            result=result,
            engine=spec.engine,
            precision=now.precision or spec.precision,
            size=memory_bars.size(run.size()),
        )
        st.caption(f"{facts} {watch.sentence(run, now)}")
        gate.note_of_run(spec)
        for said in damage.damages(run):
            st.caption(f":material/broken_image: {text.plain(said)}")
        with st.container(horizontal=True, gap="small", key=f"bar_{run.id}"):
            st.button(_("Watch"), icon=":material/visibility:", key=f"watch_{run.id}", on_click=_watch, args=(run,))
            if run.learned and st.button(_("Evaluate"), icon=":material/fact_check:", key=f"evaluate_{run.id}"):
                state.put({"net": run.id, "net_epoch": networks.NEWEST})
                st.switch_page(navigation.page("evaluate"), query_params=state.changed())
            _downloads(run)
            _delete(run)


def _damaged(run: Run) -> None:
    """What is wrong with it, what of it can still be used, and the way to be rid of it."""
    with st.container(border=True, gap="xsmall"):
        for said in damage.damages(run):
            st.markdown(f":material/broken_image: {text.plain(said)}")
        with st.container(horizontal=True, gap="small"):
            if run.final.is_file():
                _download(run, _("Network (.keras)"), run.final.read_bytes, "keras", "application/octet-stream")
            _delete(run)


def _delete(run: Run) -> None:
    if not visitor.may_change(run):
        return
    with st.popover(_("Delete"), icon=":material/delete:"):
        st.markdown(_("Its curves and its weights are deleted for good. Where it trains, it ends."))
        st.button(_("Delete for good"), key=f"delete_{run.id}", on_click=_deleted, args=(run,))


def _deleted(run: Run) -> None:
    try:
        if not visitor.may_change(run):  # whoever pressed a button that was not there
            raise RunError(_(visitor.NOT_YOURS))
        queue.delete(run)
    except RunError as error:
        st.session_state[_ERROR] = str(error)


def _watch(run: Run) -> None:
    state.put({"train_part": "watch", "train_run": run.id})


def _curves(run: Run) -> bytes:
    charts = [training_curves.one(curves.of(run, measure, "epoch"), measure) for measure in settings.MEASURES]
    return training_curves.as_page(run.name, charts)


def _downloads(run: Run) -> None:
    with st.popover(_("Download"), icon=":material/download:"):
        files = []
        if run.learned:
            files.append((_("Network (.keras)"), run.keras_file, "keras", "application/octet-stream"))
        if run.epochs():
            files.append((_("Epochs (CSV)"), lambda: history.epochs_csv(run), "epochs.csv", "text/csv"))
        if len(run.batches()):
            files.append((_("Batches (CSV)"), lambda: history.batches_csv(run), "batches.csv", "text/csv"))
            files.append((_("Curves (HTML)"), _in_this_language(lambda: _curves(run)), "html", "text/html"))
        for each in files:
            _download(run, *each)
        if not files:
            st.caption(_("Nothing to download before the first batch."))


def _download(run: Run, label: str, data: Callable[[], bytes | str], ending: str, mime: str) -> None:
    st.download_button(
        label, data=data, file_name=f"{run.id}.{ending}", mime=mime, key=f"{ending}_{run.id}", on_click="ignore"
    )
