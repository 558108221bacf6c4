"""Flatten: the same numbers, in one long row."""

import streamlit as st

from core.lessons.mistakes import LAYER_SLIPS
from ui.layers import flatten, sections
from ui.shared import mistakes

st.title("Flatten", anchor=False)
st.markdown(
    "Flatten changes no value, only the shape: a Dense layer wants one row of numbers. The channel counts fastest, "
    "then the column, then the row. Point at the strip or at the map: both mark the same number."
)

if result := sections.result_of("flatten"):
    flatten.lookup(result)
    sections.details("flatten", result)
mistakes.collapsed(LAYER_SLIPS["flatten"], "flatten_slips")
