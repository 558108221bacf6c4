"""Home: the whole walk of the chosen digit at a glance."""

import streamlit as st

from ui.panels import home

st.title("Layer Lab", anchor=False)
st.markdown(
    "A handwritten digit walks through real Keras layers. Pick one in the sidebar, open a layer, turn its settings and "
    "see at once what they do to the numbers. Every later layer receives what the earlier ones give."
)
home.walk()
st.caption(
    "The weights are random, not trained, except for kernels that you choose on the Conv2D page: what you see is what "
    "each layer does, not yet what it has learned. The address of each page holds all your choices; copy it to share "
    "the view."
)
