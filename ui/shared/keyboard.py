"""What keys do on every page, beyond what Streamlit gives them: the menu is one stop of Tab, and so is a row of
buttons, pictures or numbers whose container's key begins with `bar_`; a table is one only where it scrolls; a control
shows its help when Tab comes to it, what a key opens is entered and left again, Tab stays in an enlarged picture, what
has the focus keeps its keys, and P presents."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import streamlit as st

from words import _

_HERE = Path(__file__)
_PARTS = ("enlarged.js", "tiles.js", "keyboard.js")
_SCRIPTS = (_HERE.parents[1] / "components" / "roving.js", *map(_HERE.with_name, _PARTS))


def listen() -> None:
    """Once a page, at its end, since it takes a place there."""
    said = json.dumps({"pages": _("↑ ↓ other pages"), "buttons": _("← → more beside it")}, ensure_ascii=False)
    st.html(f"<script>(() => {{\nconst WORDS = {said};\n{_script()}}})();</script>", unsafe_allow_javascript=True)


@lru_cache(maxsize=1)
def _script() -> str:
    """Streamlit takes a script whole only where no `<` has a letter after it."""
    return "\n".join(path.read_text(encoding="utf-8") for path in _SCRIPTS)
