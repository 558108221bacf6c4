"""What a kind of layer says of itself, in tables: text, code and Keras' configurations are written and read by them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import Field
from typing import Any, ClassVar

from words import N_, _


class Tables:
    """The base of `core.layers.layer.Layer`, so that what reads a configuration needs no more than this."""

    # every kind is a dataclass
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    # arguments that may be written without their names, in Keras' order
    positional: ClassVar[tuple[str, ...]] = ()
    # what Keras takes where an argument is not given; held to Keras by a test
    defaults: ClassVar[dict[str, object]] = {}
    # the same for fields that are no arguments of Keras
    own_defaults: ClassVar[dict[str, object]] = {}
    # arguments of Keras that are no fields, each with the one value that it may have; None may be left out
    fixed: ClassVar[dict[str, object]] = {}
    # what a field may be, where it is one of some words, and from where to where, where it is a number
    options: ClassVar[dict[str, tuple[str, ...]]] = {}
    limits: ClassVar[dict[str, tuple[float, float]]] = {}
    # how fields that hold several values are read from a text; may raise ValueError
    readers: ClassVar[dict[str, Callable[[str], tuple]]] = {}
    # Keras' names that stand for this kind, each with the fields that the name alone says
    words: ClassVar[dict[str, dict[str, object]]] = {}
    aliases: ClassVar[dict[str, dict[str, object]]] = {}

    def config(self) -> dict[str, object]:
        """Keras' constructor arguments by name: numbers, texts, tuples, and initializers as core.layers.initializers
        has them."""
        return {}

    @classmethod
    def unsaid(cls, given: dict[str, object]) -> dict[str, object]:
        """Values of the fields that need not be given, where `given` are the ones that are."""
        return {**cls.defaults, **cls.own_defaults}

    @classmethod
    def refusal(cls, who: str, key: str, value: object, found: str) -> str | None:
        """One sentence why a field cannot have a value of its type: it is none of the words, or no number that it may
        be; None where it can. who: the layer; found: the value, as its reader should see it."""
        if key in cls.options:
            if value in cls.options[key]:
                return None
            options = ", ".join(cls.options[key])
            return _(
                "{key} of {who} must be one of {options}, not {found}.", key=key, who=who, options=options, found=found
            )
        low, high = cls.limits.get(key, (-math.inf, math.inf))
        numbers = [each for each in (value if isinstance(value, tuple) else (value,)) if isinstance(each, int | float)]
        if all(low <= number <= high for number in numbers):
            return None
        return _(
            "{key} of {who} must be from {low:g} to {high:g}, not {found}.",
            key=key,
            who=who,
            low=low,
            high=high,
            found=found,
        )


def expected(example: object) -> str:
    """The sentence for what is no value such as `example`: to be said with key, who and found."""
    match example:
        case bool():
            return N_("{key} of {who} must be true or false, not {found}.")
        case int():
            return N_("{key} of {who} must be a whole number, not {found}.")
        case float():
            return N_("{key} of {who} must be a number, not {found}.")
    return N_("{key} of {who} must be a whole number, or two such as 3x5, not {found}.")
