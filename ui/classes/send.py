"""Below a pad: the drawing goes to the class's board, with the digit that it is meant to be.

A press of a button, and not each lift of the pen: a four is drawn in two strokes, and who tries things out does not
want all of them on the wall.
"""

from __future__ import annotations

import streamlit as st

from core.classes import drawings
from core.classes.limits import ClassError
from core.data.mnist import CLASSES, Sample
from core.network.network import NetworkError
from core.runs.folders import RunError
from ui.classes import member
from ui.components.drawing_pad import drawing
from ui.predict import answer
from ui.shared import digit, networks, text, warmup

_LABEL, _SENT, _SAID = "class_label", "_class_sent", "_class_said"


def show() -> None:
    """The row of digits and the button, where this window is in a class."""
    try:
        if member.mine() is None:
            return
    except ClassError:  # the line above the page says so
        return
    drawn = digit.drawing()
    with st.container(key="class_send", border=True, gap="small"):
        if drawn is None:
            st.caption(":material/groups: Draw a digit, then send it to the board of your class.")
        elif st.session_state.get(_SENT) == drawn.index:
            st.caption(":material/check: This drawing is on the board of your class. Draw another one.")
        else:
            _ask(drawn)
        if said := st.session_state.pop(_SAID, ""):
            st.caption(said)


def _ask(drawn: Sample) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.segmented_control("For the board of your class: it is meant to be a", range(CLASSES), key=_LABEL)
        st.button(
            "Send to the board",
            icon=":material/groups:",
            key="class_send_button",
            disabled=not warmup.ready(),
            on_click=_send,
            args=(drawn,),
        )


def _send(drawn: Sample) -> None:
    label = st.session_state.get(_LABEL)
    if label is None:
        st.session_state[_SAID] = ":material/info: Say first which digit it is meant to be."
        return
    try:
        found = member.mine()
        if found is None:
            return
        chosen = networks.chosen()
        values = answer.probabilities(chosen, drawn.image)
        drawings.send(found[1], drawn.image, int(label), values, chosen.label, drawing().acts)
    except (ClassError, NetworkError, RunError) as error:
        st.session_state[_SAID] = f":material/cloud_off: {text.plain(str(error))}"
        return
    st.session_state[_SENT] = drawn.index
    best = int(values.argmax())
    verdict = "rightly read" if best == label else f"taken for a {best}"
    st.session_state[_SAID] = f"A {label}, {verdict}, {text.share(float(values[best]))}."
    st.session_state.pop(_LABEL, None)
