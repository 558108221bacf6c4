"""What a training names a class by whose drawings it sees: the class's number and the second at which it ends.

No secret: nobody joins by it, as by the code. It says by itself when the day is over, whether or not the database
answers, and no other class ever has it. No database here: settings of a training are read where none is.
"""

from __future__ import annotations

import re

_KEY = re.compile(r"\d{1,15}-\d{1,12}")


def of(group_id: int, ends: float) -> str:
    """The key of a class, as in `core.classes.teaching.Group`."""
    return f"{group_id}-{int(ends)}"


def is_key(said: object) -> bool:
    """Whether a class could have this key."""
    return isinstance(said, str) and said.isascii() and _KEY.fullmatch(said) is not None


def parts(key: str) -> tuple[int, int]:
    """The number of the class, and the second since 1970 in which it ends."""
    number, _dash, ends = key.partition("-")
    return int(number), int(ends)


def is_over(key: str, now: float) -> bool:
    """Whether the day of the class is over at `now`; it may have ended before."""
    return now >= parts(key)[1] + 1
