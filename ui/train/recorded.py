"""The runs that come with Layer Lab: what is said of them, and the way to the one of a preset."""

from __future__ import annotations

import streamlit as st

from core.runs import folders, recorded
from core.runs.folders import Run
from ui.shared import state, text
from words import _


def note(run: Run) -> None:
    """That a run was recorded elsewhere, and what of it was kept; nothing for a run that was made here."""
    if not run.recorded:
        return
    if run.learned:
        kept = _("Of its weights those of the start are kept, and those of the end, rounded to save space.")
    else:
        kept = _("Of its weights those of the start are kept.")
    where = _("Recorded on another machine, and part of Layer Lab: curves and times are as they were there.")
    whose = _("Everybody can watch and evaluate it, nobody can change it.")
    st.caption(f":material/inventory_2: {where} {kept} {whose}")


def offer(preset: str) -> None:
    """A button that leads to the recorded run of a preset; nothing where there is none."""
    if run := recorded.of_preset(preset):
        seconds = run.batches()[-1, 5] if len(run.batches()) else 0
        if seconds:
            label = _("Watch it at once: recorded, {duration} long", duration=text.duration(seconds))
        else:
            label = _("Watch it at once: recorded")
        st.button(
            label,
            icon=":material/inventory_2:",
            key="train_recorded",
            help=_("The same settings, trained before: no waiting, any speed."),
            on_click=_watch,
            args=(run,),
        )


def _watch(run: Run) -> None:
    if folders.find(run.id):
        state.put({"train_part": "watch", "train_run": run.id, "train_view": "replay"})
