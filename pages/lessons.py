"""Lessons: short ways through the pages that ask first, then show, then compare."""

import streamlit as st

from ui.classes import join
from ui.lessons import editor, listing, memory, teachers
from ui.lessons.settings import PARTS
from ui.shared import controls
from words import _

st.title(_("Lessons"), anchor=False)
st.markdown(
    _(
        "Each lesson leads through some views. It asks what you expect **before** it shows the picture: say it, then "
        "look, then compare. Guessing is fine; whoever guesses first sees more."
    )
)
join.show()
if controls.choice("lessons_part", _("Show"), names=PARTS) == "all":
    listing.show()
    memory.listen()
else:
    editor.show()
teachers.show()
