"""Teach: a class without accounts, led through lessons, its answers and its drawings."""

import streamlit as st

from ui.classes import board, fewer, lead, opening
from ui.classes.settings import PARTS
from ui.lessons import teachers
from ui.shared import controls
from words import _

st.title(_("Teach"), anchor=False)
group = opening.group()
if group:
    opening.invite(group)
    match controls.choice("teach_part", _("Show"), names=PARTS):
        case "lead":
            lead.show(group)
        case "board":
            board.show(group)
        case "confusion":
            board.matrix(group)
    opening.ending(group)
teachers.link()
fewer.show(group)
