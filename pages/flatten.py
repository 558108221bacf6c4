"""Flatten: the same numbers, in one long row."""

import streamlit as st

from core.slips import LAYER_SLIPS
from ui import sections
from ui.panels import flatten, slips

st.title("Flatten", anchor=False)
st.markdown(
    "Flatten changes no value, only the shape: a Dense layer wants one row of numbers. The channel counts fastest, "
    "then the column, then the row. Point at the strip or at the map: both mark the same number."
)

if result := sections.result_of("flatten"):
    flatten.lookup(result)
    sections.details("flatten", result)
slips.collapsed(LAYER_SLIPS["flatten"], "flatten_slips")
