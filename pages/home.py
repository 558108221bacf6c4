"""Home: the whole walk of the chosen digit at a glance."""

import streamlit as st

from ui.layers import overview

st.title("Layer Lab", anchor=False)
st.markdown(
    "A handwritten digit walks through real Keras layers. Pick one in the sidebar, open a layer, turn its settings and "
    "see at once what they do to the numbers. The pages follow each other as a course does, from a single tensor to a "
    "network that reads your own handwriting. Each address holds all your choices; copy it to share the view."
)
overview.pages()
