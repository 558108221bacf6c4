"""What a person types for a tensor: Python numbers, lists and tuples, read but never executed."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from itertools import pairwise

LARGEST_COUNT = 10_000
LARGEST_DEPTH = 8
LONGEST_TEXT = 200_000
LONGEST_NUMBER = 100

# Ready to try, each for one thing to see.
EXAMPLES = {
    "scalar": "7",
    "vector": "[1, 2, 3]",
    "nested tuple": "((1, 2, 3), (1, 2, 3))",
    "matrix": "[[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]]",
    "booleans": "[True, False, True]",
    "values too large for uint8": "[300, 256, 255, -1]",
    "fractions": "[0.1, 1.9, -1.9, 2.5, 1e-8]",
    "large numbers": "[2049, 70000, 16777217, 2147483648, 9007199254740993]",
    "33 times 300.0": "[" + ", ".join(["300.0"] * 33) + "]",
    "two pixels in colour": "[[[255, 0, 0], [0, 128, 255]]]",
    "batch of two images": "[[[[0], [255]], [[255], [0]]], [[[9], [8]], [[7], [6]]]]",
}

_TOKEN = re.compile(r"[\[\](),]|[^\s\[\](),]+")
_NUMBER = re.compile(
    r"[+-]?(0x[\da-f_]+|0b[01_]+|0o[0-7_]+|(\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(e[+-]?\d[\d_]*)?)",
    re.ASCII | re.IGNORECASE,
)
_FOREIGN = re.compile(r"""'[^']*'?|"[^"]*"?|\{[^}]*\}?|\}""")
_PARTNER = {")": "(", "]": "["}


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
        raise TensorInputError(f"The text may have at most {LONGEST_TEXT:,} characters, it has {len(text):,}.")
    # "−" is what a copied minus sign often is; "- 1" is one number; a line break means no more than a space
    text = re.sub(r"([+-])\s+(?=[\d.])", r"\1", " ".join(text.replace("−", "-").split()))
    if not text:
        raise TensorInputError("A tensor needs a number, a list or a tuple; nothing was typed.")
    _check_tokens(text)
    try:
        value = ast.literal_eval(text)
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        raise TensorInputError(
            f"The values must be written as Python writes them; “{_short(text)}” is no number, list or tuple."
        ) from None
    shape = _shape(value)
    if 0 in shape:
        raise TensorInputError(f"A tensor here needs at least one value, “{_short(text)}” is empty.")
    return Parsed(value, tuple(_scalars(value)), shape)


def _short(text: str) -> str:
    return text if len(text) <= 30 else text[:29] + "…"


def _check_tokens(text: str) -> None:
    if foreign := _FOREIGN.search(text):
        raise _not_a_number(foreign[0], "text" if foreign[0][0] in "'\"" else "a dict or a set")
    tokens = _TOKEN.findall(text)
    words = [token for token in tokens if token not in "[](),"]
    if len(words) > LARGEST_COUNT:
        raise TensorInputError(f"A tensor here holds at most {LARGEST_COUNT:,} values, these are {len(words):,}.")
    for word in words:
        _check_word(word)
    _check_brackets(tokens)
    _check_commas(tokens)


def _not_a_number(shown: str, what: str) -> TensorInputError:
    return TensorInputError(f"A tensor here holds numbers, True or False; “{_short(shown)}” is {what}.")


def _check_word(word: str) -> None:
    if len(word) > LONGEST_NUMBER:
        raise TensorInputError(f"A number may have {LONGEST_NUMBER} characters at most, one has {len(word):,}.")
    if word in ("True", "False") or _NUMBER.fullmatch(word):
        return
    if word == "None":
        raise _not_a_number(word, "the absence of a value")
    if re.search(r"\d[jJ]$", word):
        raise _not_a_number(word, "a complex number")
    if re.search(r"[*/%<>=&|^~@]|[\w.)][+-]", word):
        raise _not_a_number(word, "a calculation, and nothing typed here is executed")
    if word.replace(".", "_").isidentifier():
        raise _not_a_number(word, "a name, and nothing typed here is looked up")
    raise _not_a_number(word, "neither")


def _check_brackets(tokens: list[str]) -> None:
    opened: list[str] = []
    for token in tokens:
        if token in ("[", "("):
            opened.append(token)
        elif token in _PARTNER and (not opened or opened.pop() != _PARTNER[token]):
            raise TensorInputError(f"Every closing bracket needs its opening one, a “{token}” has none.")
        if len(opened) > LARGEST_DEPTH:
            raise TensorInputError(f"Brackets may be nested {LARGEST_DEPTH} deep, these go deeper.")
    if opened:
        raise TensorInputError(f"Every opening bracket needs its closing one, a “{opened[-1]}” has none.")


def _check_commas(tokens: list[str]) -> None:
    """This also keeps subscripts and calls out: `[1][0]` and `1(2)` are two values without a comma."""
    for left, right in pairwise(tokens):
        if left not in ("[", "(", ",") and right not in ("]", ")", ","):
            raise TensorInputError(
                f"Values need a comma between them, “{_short(left)}” is followed by “{_short(right)}”."
            )
        if left in ("[", "(", ",") and right == ",":
            raise TensorInputError(f"A comma needs a value before it, this one follows “{left}”.")


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
        return (
            f"Every entry of a list needs the same number of axes: "
            f"entry 0 has {len(first)}, entry {position} has {len(other)}."
        )
    if len(first) == 1:
        values = "value" if first[0] == 1 else "values"
        return f"Every row needs the same length: row 0 has {first[0]} {values}, row {position} has {other[0]}."
    return f"Every entry needs the same shape: entry 0 is {first}, entry {position} is {other}."


def _scalars(value: object):
    if isinstance(value, (list, tuple)):
        for entry in value:
            yield from _scalars(entry)
    else:
        yield value
