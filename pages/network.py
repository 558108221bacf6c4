"""Network: convolutions, pooling and Dense layers put together, to build and to look into."""

import streamlit as st

from ui.network import build, inspect
from ui.network.settings import PARTS
from ui.shared import controls

st.title("Network", anchor=False)
st.markdown(
    "All the layers in one network: blocks of convolutions find strokes and their parts, Dense layers decide. Change "
    "it and see what each layer costs, or look inside a trained one while it reads your digit."
)

part = controls.choice("cnn_part", "Show", names=PARTS)
match part:
    case "build":
        build.show()
    case "look":
        inspect.show()
