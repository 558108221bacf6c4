"""Train: choose how the network learns, watch it learn, compare what came out."""

import streamlit as st

from ui import controls
from ui.panels import train_code, train_runs, train_setup, train_watch
from ui.settings_train import PARTS

st.title("Train", anchor=False)
st.markdown(
    "Training shows the network a batch of digits, measures how wrong it is (the loss), and moves every weight a "
    "little in the direction that makes the loss smaller. Again and again: watch what the kernels turn into."
)

part = controls.choice("train_part", "Show", names=PARTS)
match part:
    case "setup":
        train_setup.show()
        train_code.show()
    case "watch":
        train_watch.show()
    case "runs":
        train_runs.show()
