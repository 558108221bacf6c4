"""Home: draw, and every layer of the network answers; then the pages in teaching order."""

import streamlit as st

from ui.classes import gate as classes
from ui.home import early, living
from ui.layers import overview
from words import _

st.title(_(early.TITLE), anchor=False)
st.markdown(_(early.LINE))
classes.send_drawing()
living.show()
overview.pages()
