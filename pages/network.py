"""Network: convolutions, pooling and Dense layers put together, to build and to look into."""

import streamlit as st

from ui import controls
from ui.panels import network_build, network_look
from ui.settings_network import PARTS

st.title("Network", anchor=False)
st.markdown(
    "All the layers in one network: blocks of convolutions find strokes and their parts, Dense layers decide. Change "
    "it and see what each layer costs, or look inside a trained one while it reads your digit."
)

part = controls.choice("cnn_part", "Show", names=PARTS)
match part:
    case "build":
        network_build.show()
    case "look":
        network_look.show()
