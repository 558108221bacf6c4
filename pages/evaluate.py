"""Evaluate: how a trained network reads images that it has never seen."""

import streamlit as st

from ui.evaluate import batch, calibration, images, overview
from ui.evaluate.settings import PARTS
from ui.shared import controls
from words import _

st.title(_("Evaluate"), anchor=False)
st.markdown(
    _(
        "A network is judged by images that it was not trained on: MNIST's 10,000 test images. How many does it read, "
        "which does it mix up, and does it know when it is guessing?"
    )
)

part = controls.choice("eval_part", _("Show"), names=PARTS)
if judged := overview.judged():
    match part:
        case "overview":
            overview.overview(judged)
        case "confusion":
            images.confusion_matrix(judged)
        case "ranking":
            images.ranking(judged)
        case "batch":
            batch.show(judged)
        case "calibration":
            calibration.show(judged)
