"""A function of a library does a little more than it did: for all of this process, and once, however many servers one
process starts (tests do)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any


def once(owner: Any, name: str, around: Callable[[Any], Callable[..., Any]]) -> None:
    """Put `around(function)` in place of the function that a class or module has by this name. Nothing where there is
    none, for another version of the library may not have it, or where that was done before."""
    function = getattr(owner, name, None)
    if function is not None and not hasattr(function, "__wrapped__"):
        setattr(owner, name, wraps(function)(around(function)))
