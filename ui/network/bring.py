"""A model from elsewhere, and one to take away: files of Keras in both directions."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.network import exporting, importing
from core.network.keras_file import MOST_BYTES
from core.network.network import NetworkError
from core.runs.folders import RunError
from ui.shared import models, networks, text, warmup
from ui.shared.networks import Chosen
from words import _

_PROBLEM = "_network_file_problem"
_WEIGHTS = ".weights.h5"


def show(chosen: Chosen) -> None:
    """Both, side by side."""
    bring, take = st.columns(2, gap="medium", border=True)
    with bring:
        _bring(chosen)
    with take:
        _take(chosen)


def _bring(chosen: Chosen) -> None:
    st.header(_("Bring a model"), anchor=False)
    st.file_uploader(
        _("A .keras file, or .weights.h5 for the network above"),
        type=["keras", "h5"],
        key="network_file",
        max_upload_size=MOST_BYTES >> 20,
        on_change=_brought,
        help=_(
            "Images of 28 × 28 × 1 in, ten values out, layers of the kinds that are on the menu. It is read layer by "
            "layer, nothing in it is executed, and it stays in memory, for this window."
        ),
    )
    if problem := st.session_state.get(_PROBLEM):
        st.error(text.plain(problem))
    elif chosen.imported:
        left_out = ", ".join(chosen.imported.left_out)
        st.success(_("{network} is the network of all pages now.", network=chosen.name), icon=":material/check:")
        if left_out:
            st.caption(_("Left out, since it matters to training only: {left_out}.", left_out=left_out))


def _brought() -> None:
    file = st.session_state["network_file"]
    st.session_state.pop(_PROBLEM, None)
    if file is None:
        return
    try:
        data = file.getvalue()
        if file.name.endswith(_WEIGHTS):
            found = importing.import_weights(data, networks.key_of(networks.chosen().network))
        else:
            found = importing.import_keras(data)
    except NetworkError as error:
        st.session_state[_PROBLEM] = f"{file.name}: {error}"
        return
    networks.bring(found, data)


def _take(chosen: Chosen) -> None:
    st.header(_("Take it away"), anchor=False)
    st.markdown(_("For plain Keras, with the weights that it has now."))
    if problem := chosen.network.problem():
        st.caption(problem)
        return
    if not warmup.ready():
        st.caption(_("The files come once TensorFlow has loaded."))
        return
    # the files are made in a thread that knows nothing of this session, where a file that somebody brought is
    network, imported = chosen.network, chosen.imported
    name, code_weights = network.title, f"{network.title}{_WEIGHTS}" if chosen.trained else None

    def weights() -> list[np.ndarray]:
        return list(imported.weights) if imported else _weights(chosen)

    files = (
        (_("Network (.keras)"), f"{name}.keras", lambda: exporting.as_keras_file(network, weights())),
        (_("Weights (.weights.h5)"), f"{name}{_WEIGHTS}", lambda: exporting.as_weights_file(network, weights())),
        (_("Code (.py)"), f"{name}.py", lambda: exporting.as_script(network, code_weights).encode()),
    )
    with st.container(horizontal=True, gap="small", key="bar_files"):
        for label, file, data in files:
            st.download_button(label, data, file, key=f"take_{file.partition('.')[2]}", on_click="ignore")
    if chosen.trained:
        st.caption(_("The code reads the weights from the second file, put beside it."))


def _weights(chosen: Chosen) -> list[np.ndarray]:
    try:
        return models.weights(chosen)
    except (NetworkError, RunError) as error:
        raise NetworkError(str(error)) from error
