"""What a person types for a tensor: Python numbers, lists and tuples, read but never executed."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from itertools import pairwise

from words import N_, _, plural

LARGEST_COUNT = 10_000
LARGEST_DEPTH = 8
LONGEST_TEXT = 200_000
LONGEST_NUMBER = 100

# Ready to try, each for one thing to see. The names are to be said with `_`.
EXAMPLES = {
    N_("scalar"): "7",
    N_("vector"): "[1, 2, 3]",
    N_("nested tuple"): "((1, 2, 3), (1, 2, 3))",
    N_("matrix"): "[[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]]",
    N_("booleans"): "[True, False, True]",
    N_("values too large for uint8"): "[300, 256, 255, -1]",
    N_("fractions"): "[0.1, 1.9, -1.9, 2.5, 1e-8]",
    N_("large numbers"): "[2049, 70000, 16777217, 2147483648, 9007199254740993]",
    N_("33 times 300.0"): "[" + ", ".join(["300.0"] * 33) + "]",
    N_("two pixels in colour"): "[[[255, 0, 0], [0, 128, 255]]]",
    N_("batch of two images"): "[[[[0], [255]], [[255], [0]]], [[[9], [8]], [[7], [6]]]]",
}

_TOKEN = re.compile(r"[\[\](),]|[^\s\[\](),]+")
_NUMBER = re.compile(
    r"[+-]?(0x[\da-f_]+|0b[01_]+|0o[0-7_]+|(\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(e[+-]?\d[\d_]*)?)",
    re.ASCII | re.IGNORECASE,
)
_FOREIGN = re.compile(r"""'[^']*'?|"[^"]*"?|\{[^}]*\}?|\}""")
_PARTNER = {")": "(", "]": "["}
# for `_not_a_number`
_TEXT = N_("A tensor here holds numbers, True or False; “{shown}” is text.")
_DICT = N_("A tensor here holds numbers, True or False; “{shown}” is a dict or a set.")
_NONE = N_("A tensor here holds numbers, True or False; “{shown}” is the absence of a value.")
_COMPLEX = N_("A tensor here holds numbers, True or False; “{shown}” is a complex number.")
_CALCULATION = N_(
    "A tensor here holds numbers, True or False; “{shown}” is a calculation, and nothing typed here is executed."
)
_NAME = N_("A tensor here holds numbers, True or False; “{shown}” is a name, and nothing typed here is looked up.")
_NEITHER = N_("A tensor here holds numbers, True or False; “{shown}” is neither.")


class TensorInputError(ValueError):
    """Typed values that make no tensor; the message is for the person who typed them."""


@dataclass(frozen=True)
class Parsed:
    """Typed values: `value` as Python read it, `flat` its numbers and booleans in order, and its `shape`."""

    value: object
    flat: tuple
    shape: tuple[int, ...]


def parse_literal(text: str) -> Parsed:
    """`"[[1, 2], [3, 4]]"` → Parsed of shape (2, 2): numbers, True, False, lists and tuples of them.

    At most 10,000 values in 8 levels of brackets. Raises TensorInputError with one sentence otherwise.
    The text is checked token by token before Python's parser sees it: nothing large or deep is ever built.
    """
    if len(text) > LONGEST_TEXT:
        raise TensorInputError(
            _("The text may have at most {most:,} characters, it has {count:,}.", most=LONGEST_TEXT, count=len(text))
        )
    # "−" is what a copied minus sign often is; "- 1" is one number; a line break means no more than a space
    text = re.sub(r"([+-])\s+(?=[\d.])", r"\1", " ".join(text.replace("−", "-").split()))
    if not text:
        raise TensorInputError(_("A tensor needs a number, a list or a tuple; nothing was typed."))
    _check_tokens(text)
    try:
        value = ast.literal_eval(text)
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        raise TensorInputError(
            _(
                "The values must be written as Python writes them; “{text}” is no number, list or tuple.",
                text=_short(text),
            )
        ) from None
    shape = _shape(value)
    if 0 in shape:
        raise TensorInputError(_("A tensor here needs at least one value, “{text}” is empty.", text=_short(text)))
    return Parsed(value, tuple(_scalars(value)), shape)


def _short(text: str) -> str:
    return text if len(text) <= 30 else text[:29] + "…"


def _check_tokens(text: str) -> None:
    if foreign := _FOREIGN.search(text):
        raise _not_a_number(foreign[0], _TEXT if foreign[0][0] in "'\"" else _DICT)
    tokens = _TOKEN.findall(text)
    words = [token for token in tokens if token not in "[](),"]
    if len(words) > LARGEST_COUNT:
        raise TensorInputError(
            _(
                "A tensor here holds at most {most:,} values, these are {count:,}.",
                most=LARGEST_COUNT,
                count=len(words),
            )
        )
    for word in words:
        _check_word(word)
    _check_brackets(tokens)
    _check_commas(tokens)


def _not_a_number(shown: str, sentence: str) -> TensorInputError:
    return TensorInputError(_(sentence, shown=_short(shown)))


def _check_word(word: str) -> None:
    if len(word) > LONGEST_NUMBER:
        raise TensorInputError(
            _(
                "A number may have {most} characters at most, one has {count:,}.",
                most=LONGEST_NUMBER,
                count=len(word),
            )
        )
    if word in ("True", "False") or _NUMBER.fullmatch(word):
        return
    if word == "None":
        raise _not_a_number(word, _NONE)
    if re.search(r"\d[jJ]$", word):
        raise _not_a_number(word, _COMPLEX)
    if re.search(r"[*/%<>=&|^~@]|[\w.)][+-]", word):
        raise _not_a_number(word, _CALCULATION)
    if word.replace(".", "_").isidentifier():
        raise _not_a_number(word, _NAME)
    raise _not_a_number(word, _NEITHER)


def _check_brackets(tokens: list[str]) -> None:
    opened: list[str] = []
    for token in tokens:
        if token in ("[", "("):
            opened.append(token)
        elif token in _PARTNER and (not opened or opened.pop() != _PARTNER[token]):
            raise TensorInputError(_("Every closing bracket needs its opening one, a “{token}” has none.", token=token))
        if len(opened) > LARGEST_DEPTH:
            raise TensorInputError(_("Brackets may be nested {most} deep, these go deeper.", most=LARGEST_DEPTH))
    if opened:
        raise TensorInputError(
            _("Every opening bracket needs its closing one, a “{token}” has none.", token=opened[-1])
        )


def _check_commas(tokens: list[str]) -> None:
    """This also keeps subscripts and calls out: `[1][0]` and `1(2)` are two values without a comma."""
    for left, right in pairwise(tokens):
        if left not in ("[", "(", ",") and right not in ("]", ")", ","):
            raise TensorInputError(
                _(
                    "Values need a comma between them, “{left}” is followed by “{right}”.",
                    left=_short(left),
                    right=_short(right),
                )
            )
        if left in ("[", "(", ",") and right == ",":
            raise TensorInputError(_("A comma needs a value before it, this one follows “{token}”.", token=left))


def _shape(value: object) -> tuple[int, ...]:
    if not isinstance(value, (list, tuple)):
        return ()
    shapes = [_shape(entry) for entry in value]
    for position, shape in enumerate(shapes):
        if shape != shapes[0]:
            raise TensorInputError(_ragged(shapes[0], position, shape))
    return (len(value), *(shapes[0] if shapes else ()))


def _ragged(first: tuple[int, ...], position: int, other: tuple[int, ...]) -> str:
    if len(first) != len(other):
        return _(
            "Every entry of a list needs the same number of axes: entry 0 has {first}, entry {position} has {other}.",
            first=len(first),
            position=position,
            other=len(other),
        )
    if len(first) == 1:
        return plural(
            "Every row needs the same length: row 0 has {count} value, row {position} has {other}.",
            "Every row needs the same length: row 0 has {count} values, row {position} has {other}.",
            first[0],
            position=position,
            other=other[0],
        )
    return _(
        "Every entry needs the same shape: entry 0 is {first}, entry {position} is {other}.",
        first=first,
        position=position,
        other=other,
    )


def _scalars(value: object):
    if isinstance(value, (list, tuple)):
        for entry in value:
            yield from _scalars(entry)
    else:
        yield value
