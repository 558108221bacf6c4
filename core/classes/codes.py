"""The code of a class: eight digits, which people read aloud, and type on a phone, in any language."""

from __future__ import annotations

import secrets

from core.classes import limits


def new() -> str:
    """One of ninety million, never with a zero in front, which somebody may drop."""
    return secrets.choice("123456789") + "".join(secrets.choice("0123456789") for _ in range(limits.CODE_DIGITS - 1))


def spoken(code: str) -> str:
    """As it is written and read: 4827 1530."""
    half = limits.CODE_DIGITS // 2
    return f"{code[:half]} {code[half:]}"


def written(typed: str) -> str | None:
    """The code in what somebody typed, whatever stands between its digits; None where it is none."""
    digits = "".join(sign for sign in typed if sign not in " -.\u2011\u2013\u00a0")
    # isascii: digits of other scripts would be digits too
    whole = digits.isascii() and digits.isdecimal() and len(digits) == limits.CODE_DIGITS
    return digits if whole else None
