"""Numbers and shapes as the pages write them."""

from __future__ import annotations

import re

from words import N_, _

# what means something in Markdown as Streamlit has it, wherever it stands: directives, formulas, icons, HTML's names
_SIGNS = re.compile(r"([\\`*\[\]|<>~$]|(?<!\w)_|_(?!\w)|:(?=[a-zA-Z])|&(?=[a-zA-Z#]))")
# and what does at the start of a line
_STARTS = re.compile(r"^([#+=-]|\d+(?=[.)]))")
# what becomes a link by itself, escaped or not; a sign without width keeps it from that
_ADDRESSES = re.compile(r"(https?|ftp|mailto|xmpp|www)(?=[:.])|(?<=@)", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_JOINER = "\u2060"
# of the colours below and above 0
_COLOURS = {
    ("blue", "orange"): N_("Blue {low}, neutral 0, orange {high}"),
    ("purple", "green"): N_("Purple {low}, neutral 0, green {high}"),
}
# by the ending that English has: another language may write all of them alike
_ORDINALS = {
    "st": N_("{number:,}st"),
    "nd": N_("{number:,}nd"),
    "rd": N_("{number:,}rd"),
    "th": N_("{number:,}th"),
}


def plain(words: str, most: int = 400) -> str:
    """Words from outside (an address, a file, a person) as Markdown that shows just these words: no picture, no link,
    no formatting. One line of at most `most` characters.

    Every page puts what it did not write itself through this.
    """
    line = _SPACES.sub(" ", words).strip()
    line = line if len(line) <= most else f"{line[: most - 1]}…"
    line = "".join(sign if sign.isprintable() else "\ufffd" for sign in line)
    line = _SIGNS.sub(r"\\\1", _ADDRESSES.sub(lambda found: found[0] + _JOINER, line))
    return _STARTS.sub(lambda found: f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}", line)


def number(value: float, digits: int = 4) -> str:
    """`digits` significant digits, with a real minus sign."""
    return f"{value:.{digits}g}".replace("-", "−")


def share(value: float) -> str:
    """A probability as per cent; what is not quite all never reads 100 %, what is not quite nothing never 0 %."""
    if 0.9995 <= value < 1:
        return _("> 99.9 %")
    return _("< 0.1 %") if 0 < value < 0.0005 else _("{percent:.1f} %", percent=100 * value)


def colours(low: float, high: float, negative: str = "blue", positive: str = "orange") -> str:
    """What the colours of a picture mean: "Blue −0.5, neutral 0, orange 0.5"."""
    return _(_COLOURS[negative, positive], low=number(low, 3), high=number(high, 3))


def shape(dimensions: tuple[int, ...]) -> str:
    """(28, 28, 8) → "28 × 28 × 8"."""
    return " × ".join(map(str, dimensions))


def ordinal(number: int) -> str:
    """1 → "1st", 2 → "2nd", 11 → "11th", 42 → "42nd"; for whole numbers from 0."""
    # the teens are all "th"; of the others the last digit decides
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return _(_ORDINALS[ending], number=number)


def verdict(guess: int, truth: int | None) -> str:
    """Whether a guessed digit is right; nothing where nobody knows (a drawing has no label)."""
    if truth is None:
        return ""
    return _("right") if guess == truth else _("wrong, it is a {truth}", truth=truth)


def duration(seconds: float) -> str:
    """95 → "1 min 35 s"; hours without seconds."""
    whole = max(0, round(seconds))
    if whole < 60:
        return _("{seconds} s", seconds=whole)
    if whole < 3600:
        return _("{minutes} min {seconds} s", minutes=whole // 60, seconds=whole % 60)
    return _("{hours} h {minutes} min", hours=whole // 3600, minutes=whole % 3600 // 60)
