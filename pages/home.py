"""Home: draw, and every layer of the network answers; then the pages in teaching order."""

import streamlit as st

from ui.classes import gate as classes
from ui.home import living
from ui.layers import overview
from words import _

st.title(_("Layer Lab"), anchor=False)
st.markdown(
    _(
        "Draw a digit: every layer of the network answers while you draw. Point at a picture to see what it reads, "
        "click it to open its layer."
    )
)
classes.send_drawing()
living.show()
overview.pages()
