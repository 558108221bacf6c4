"""Comments in code that is kept as it is run, in the language of whoever reads it."""

from __future__ import annotations

import re

from words import _

_COMMENT = re.compile(r"(?<=  # ).+$", re.MULTILINE)


def translated(code: str) -> str:
    """The same code; each comment behind a line is said with `_`. Who keeps the code marks its comments with `N_`."""
    return _COMMENT.sub(lambda found: _(found[0]), code)
