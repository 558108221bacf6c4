"""The numbers of each epoch, as `fit` returns them and as the loop prints them."""

from __future__ import annotations

import streamlit as st

from core.runs.folders import Run
from core.scripts import training
from ui.shared import source_code, tables
from words import _


def show(run: Run, epochs: list[dict]) -> None:
    """A row an epoch, a column for each list in `history.history`; for the loop, also what its script prints."""
    st.markdown(_("**Epoch by epoch: `history.history`**"))
    if not epochs:
        st.caption(_("The first row comes with the end of the first epoch."))
        return
    names = training.measured(run.spec)
    rows = [(f"{line['epoch']}", *(f"{line[name]:.4f}" for name in names)) for line in epochs]
    columns = (_("epoch"), *(f"`{name}`" for name in names))
    st.html(tables.html(_("Epoch by epoch"), columns, rows, numbers=range(len(columns))))
    if run.spec.engine == "loop":
        st.caption(_("A loop has no history of its own; these are the numbers that it printed after each epoch:"))
        source_code.printed("\n".join(training.printed(run.spec, epochs)), wrap=True)
    else:
        st.caption(
            _(
                'Each column is one list of what `fit` returns: `history.history["val_loss"]` has a number for every '
                'epoch, `history.history["val_loss"][-1]` is the last.'
            )
        )
