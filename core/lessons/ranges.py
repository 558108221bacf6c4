"""Which numbers can be an answer at all: a share is from 0 to 1, a count is whole and not below 0.

What a question asks for is an expression, so its range follows from the ranges of its names, which `names` says, by
interval arithmetic (100 * zeros is from 0 to 100); a lesson's file may say a narrower one, `@between 0 8`.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.lessons import wording
from core.lessons.expression import Expression, tree
from words import _


@dataclass(frozen=True)
class Range:
    """Numbers from low to high, or the whole ones among them."""

    low: float = -math.inf
    high: float = math.inf
    whole: bool = False

    def problem(self, number: float) -> str | None:
        """One sentence why this number can be no answer, or None."""
        if self.low <= number <= self.high and (not self.whole or float(number).is_integer()):
            return None
        return _("{expected} is expected here, not {given}.", expected=self.in_words(), given=_shown(number))

    def in_words(self) -> str:
        """What is expected, as the beginning of a sentence."""
        low, high = _shown(self.low), _shown(self.high)
        if math.isfinite(self.low) and math.isfinite(self.high):
            if self.whole:
                return _("A whole number from {low} to {high}", low=low, high=high)
            return _("A number from {low} to {high}", low=low, high=high)
        if math.isfinite(self.low):
            if self.whole:
                return _("A whole number not below {low}", low=low)
            return _("A number not below {low}", low=low)
        return _("A whole number") if self.whole else _("A number")

    def within(self, low: float, high: float) -> Range:
        """The same kind of numbers, in narrower bounds."""
        return replace(self, low=low, high=high)


ANY = Range()
SHARE = Range(0, 1)
COUNT = Range(0, whole=True)
POSITIVE = Range(0)
DIGIT = Range(0, 9, whole=True)
PIXEL = Range(0, 255, whole=True)

Ranges = Mapping[str, Range]


def of(asked: Expression, named: Ranges) -> Range:
    """The numbers that the expression can be; all of them where nothing is known. named: those of the names in it."""
    return _of(tree(asked.text), named)


def _of(node: ast.expr, named: Ranges) -> Range:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return Range(value, value, float(value).is_integer())
        case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)):
            return named.get(name, ANY)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _product(Range(-1, -1, whole=True), _of(operand, named))
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _sum(_of(left, named), _of(right, named))
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            return _sum(_of(left, named), _product(Range(-1, -1, whole=True), _of(right, named)))
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _product(_of(left, named), _of(right, named))
        case ast.Call(func=ast.Name(id="abs"), args=[inside]):
            return Range(0, whole=_of(inside, named).whole)
        case ast.Call(func=ast.Name(id="len")):
            return Range(0, whole=True)
    return ANY


def _sum(one: Range, other: Range) -> Range:
    return Range(one.low + other.low, one.high + other.high, one.whole and other.whole)


def _product(one: Range, other: Range) -> Range:
    ends = [_times(a, b) for a in (one.low, one.high) for b in (other.low, other.high)]
    return Range(min(ends), max(ends), one.whole and other.whole)


def _times(one: float, other: float) -> float:
    """0 times no bound at all is 0."""
    return one * other if one and other else 0.0


def _shown(number: float) -> str:
    if not math.isfinite(number):
        return ""
    said = wording.shown(int(number) if float(number).is_integer() else float(number))
    return said.replace("-", "−")
