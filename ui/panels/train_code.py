"""The script of the training that is set, with Keras' fit or with an explicit loop."""

from __future__ import annotations

import streamlit as st

from core import training_code
from core.training_slips import SLIPS
from ui import controls, settings_train
from ui.panels import slips

_NAMES = {"fit": "Keras fit", "loop": "GradientTape loop"}


def show() -> None:
    """Both ways of the same training; the one that the engine takes comes first."""
    spec = settings_train.training_spec()
    st.subheader("The same in TensorFlow", anchor=False)
    engine = controls.choice("train_code", "Written with", names=_NAMES)
    st.code(training_code.as_code(spec, engine), language="python")
    st.caption(
        "It runs as it stands, in the folder of this dashboard, and ends with the same weights as a run here with the "
        "same settings in float32."
    )
    with st.expander("Slips that are easily made here"):
        slips.show(SLIPS)
