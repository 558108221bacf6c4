"""Evaluate: how a trained network reads images that it has never seen."""

import streamlit as st

from ui import controls
from ui.panels import evaluate, evaluate_batch, evaluate_calibration, evaluate_images
from ui.settings_evaluate import PARTS

st.title("Evaluate", anchor=False)
st.markdown(
    "A network is judged by images that it was not trained on: MNIST's 10,000 test images. How many does it read, "
    "which does it mix up, and does it know when it is guessing?"
)

part = controls.choice("eval_part", "Show", names=PARTS)
if judged := evaluate.judged():
    match part:
        case "overview":
            evaluate.overview(judged)
        case "confusion":
            evaluate_images.confusion_matrix(judged)
        case "ranking":
            evaluate_images.ranking(judged)
        case "batch":
            evaluate_batch.show(judged)
        case "calibration":
            evaluate_calibration.show(judged)
