"""Network."""

import streamlit as st

st.title("Network", anchor=False)
