"""Teach: a class without accounts, led through lessons, its answers and its drawings."""

import streamlit as st

from ui.classes import board, fewer, lead, opening
from ui.classes.settings import PARTS
from ui.lessons import teachers
from ui.shared import controls, present
from words import _

st.title(_("Teach"), anchor=False)
group = opening.group()
if group:
    # while presenting what is for the room comes first, and what is for the teacher below it
    room, desk = st.container(), st.container()
    with desk if present.on() else room:
        opening.invite(group)
        part = controls.choice("teach_part", _("Show"), names=PARTS)
        present.from_the_top(part)
    with room:
        match part:
            case "lead":
                lead.show(group)
            case "board":
                board.show(group)
            case "confusion":
                board.matrix(group)
    with desk:
        opening.ending(group)
if not (group and present.on()):
    teachers.link()
    fewer.show(group)
