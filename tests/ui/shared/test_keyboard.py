"""The script of keys reaches the browser whole."""

import re

from ui.shared import keyboard


def test_nothing_in_the_script_looks_like_markup():
    """Streamlit cleans what it is given: a script in which a letter follows `<` is thrown away without a word."""
    assert "class Roving" in keyboard._script()
    assert not re.search(r"<[/\w!]", keyboard._script())
