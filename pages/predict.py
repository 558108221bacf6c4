"""Predict: the reader's own handwriting, read while it is written, and why it was read that way."""

import streamlit as st

from ui.classes import gate as classes
from ui.predict import answer, why
from words import _

st.title(_("Predict"), anchor=False)
st.markdown(
    _(
        "Draw a digit, or give a picture of one. It is cut out, scaled and centred as MNIST was made, and the network "
        "says how probable each of the ten digits is."
    )
)

classes.send_drawing()
why.show(answer.show())
