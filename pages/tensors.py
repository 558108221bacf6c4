"""Tensors: numbers with a shape and a dtype, the only thing that layers take and give."""

import streamlit as st

from ui.basics import random_tensors, tensors
from ui.basics.settings import TENSOR_PARTS
from ui.shared import controls
from words import _

st.title(_("Tensors"), anchor=False)
st.markdown(
    _(
        "A tensor is a block of numbers with a shape and one dtype for all of them. Layers take tensors and give "
        "tensors. Type a list, look at its axes, then see what another dtype keeps of its values."
    )
)

part = controls.choice("tensor_part", _("Show"), names=TENSOR_PARTS)
match part:
    case "build":
        tensors.build()
    case "dtype":
        tensors.dtype()
    case "random":
        random_tensors.show()
    case "slips":
        tensors.slips()
