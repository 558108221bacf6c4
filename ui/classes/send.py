"""Above a pad: the drawing goes to the class's board, with the digit that it is meant to be.

A press of a button, and not each lift of the pen: a four is drawn in two strokes, and who tries things out does not
want all of them on the wall.
"""

from __future__ import annotations

import streamlit as st

from core.classes import drawings
from core.classes.limits import ClassError
from core.data.mnist import CLASSES, Sample
from core.drawing import strokes
from core.network.network import NetworkError
from core.runs.folders import RunError
from ui.classes import member
from ui.predict import answer, input
from ui.shared import digit, networks, text, warmup
from words import ENGLISH, N_, _, using

_LABEL, _SENT, _SAID = "class_label", "_class_sent", "_class_said"
_READ_RIGHTLY = N_(":material/check: On the board: a {label}, rightly read, {sure}. Draw another one.")
_TAKEN_FOR = N_(":material/check: On the board: a {label}, taken for a {best}, {sure}. Draw another one.")


def show() -> None:
    """The row of digits and the button, where this window is in a class."""
    try:
        if member.mine() is None:
            return
    except ClassError:  # the line above the page says so
        return
    drawn = digit.drawing()
    # always of one height: the pad below must not move under somebody's pen. What is said stands below it all, and on a
    # phone beside the button (ui/shared/look.css): each line less is one more of the pad
    with st.container(key="class_send", horizontal=True, gap="small", vertical_alignment="bottom"):
        st.segmented_control(
            _("For the board of your class: it is meant to be a"), range(CLASSES), wrap=True, key=_LABEL
        )
        st.button(
            _("Send to the board"),
            icon=":material/groups:",
            key="class_send_button",
            disabled=drawn is None or _is_sent(drawn) or not warmup.ready(),
            on_click=_send,
            args=(drawn,),
        )
        with st.container(key="class_send_said"):
            st.caption(st.session_state.pop(_SAID, "") or _state(drawn))


def _is_sent(drawn: Sample) -> bool:
    return st.session_state.get(_SENT) == drawn.index


def _state(drawn: Sample | None) -> str:
    if drawn is None:
        return _("Draw a digit first.")
    return (
        _("It is on the board. Draw another one.")
        if _is_sent(drawn)
        else _("Say which digit it is meant to be, and send it.")
    )


def _send(drawn: Sample) -> None:
    label = st.session_state.get(_LABEL)
    if label is None:
        st.session_state[_SAID] = _(":material/info: Choose first which digit it is meant to be.")
        return
    try:
        found = member.mine()
        if found is None:
            return
        chosen = networks.chosen()
        values = answer.probabilities(chosen, drawn.image)
        drawings.send(found[1], drawn.image, int(label), values, _stored(chosen), _strokes(drawn))
    except (ClassError, NetworkError, RunError) as error:
        st.session_state[_SAID] = f":material/cloud_off: {text.plain(str(error))}"
        return
    st.session_state[_SENT] = drawn.index
    best = int(values.argmax())
    said = _READ_RIGHTLY if best == label else _TAKEN_FOR
    st.session_state[_SAID] = _(said, label=label, best=best, sure=text.share(float(values[best])))
    st.session_state[_LABEL] = None


def _strokes(drawn: Sample) -> list[list[float]]:
    """What was cleared before, and could be brought back here, stays here."""
    return strokes.since_cleared(input.strokes(drawn))


def _stored(chosen: networks.Chosen) -> str:
    """The network's name as the class keeps it, whose readers may have other languages."""
    with using(ENGLISH):
        return chosen.label
