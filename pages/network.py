"""Network: all layers together, to build, to cost, to bring and to take away."""

import streamlit as st

from ui.network import bring, costs, design
from ui.shared import navigation, networks
from words import _

st.title(_("Network"), anchor=False)
st.markdown(
    _(
        "All the layers in one network. Change any of them and see at once what each costs; type it as text; bring one "
        "from a file. What you make here is the network of all pages, and Train trains it."
    )
)

chosen = networks.chosen()
stages = chosen.network.trace()
problem = chosen.network.problem()
with st.container():  # it keeps its place where there is none, and so does all that follows
    if problem:
        st.error(problem)
fitting = [stage for stage in stages if not stage.problem]
picture, knobs = st.columns([3, 2], gap="medium")
with knobs:
    design.show(chosen, fitting)
with picture:
    with st.container(key="bar_drawing"):
        costs.drawing(fitting)
        if not problem:
            navigation.link("train", _("Train this network"), icon=":material/model_training:", width="content")
    costs.scale()
with st.container():
    if fitting:
        costs.table(fitting)
bring.show(chosen)
if not problem:
    costs.code(chosen.network)
