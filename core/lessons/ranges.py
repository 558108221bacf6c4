"""Which numbers can be an answer at all: a share is from 0 to 1, a count is whole and not below 0.

What a question asks for is an expression, so its range follows from the ranges of its names by interval arithmetic
(100 * zeros is from 0 to 100); a lesson's file may say a narrower one, `@between 0 8`.
"""

from __future__ import annotations

import ast
import math
from dataclasses import dataclass, replace

from core.lessons import wording
from core.lessons.expression import Expression, tree
from words import _

_SHARES = (
    "zeros negatives input_zeros input_negatives changed rate largest_layer probability confidence test_accuracy "
    "precision recall test_confidence wrong_confidence calibration_error pixel_zeros within_buffer train_accuracy "
    "val_accuracy label_probability"
)
_COUNTS = (
    "input_shape output_shape parameters multiply_adds dead_maps map row column kept winners changed_values filters "
    "units kernel_size strides pool_size layers network_parameters network_multiply_adds final_shape images errors "
    "confusion shape rank size itemsize bytes cast_bytes lost draw_size half_shape digit_counts prepared_shape "
    "prepared_bytes prepared_distinct missing batches last_batch buffer_size epochs batch_size examples "
    "steps_per_epoch steps best_epoch"
)
_POSITIVE = "loss loss_after others_before others_after train_loss val_loss best_val_loss test_loss learning_rate"
_DIGITS = "reads worst_true worst_read"


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
_OF_NAMES = {
    **dict.fromkeys(_SHARES.split(), Range(0, 1)),
    **dict.fromkeys(_COUNTS.split(), Range(0, whole=True)),
    **dict.fromkeys(_POSITIVE.split(), Range(0)),
    **dict.fromkeys(_DIGITS.split(), Range(0, 9, whole=True)),
    "pixels": Range(0, 255, whole=True),
}


def named() -> frozenset[str]:
    """The quantities whose range is known."""
    return frozenset(_OF_NAMES)


def of(asked: Expression) -> Range:
    """The numbers that the expression can be; all of them where nothing is known."""
    return _of(tree(asked.text))


def _of(node: ast.expr) -> Range:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return Range(value, value, float(value).is_integer())
        case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)):
            return _OF_NAMES.get(name, ANY)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _product(Range(-1, -1, whole=True), _of(operand))
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _sum(_of(left), _of(right))
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            return _sum(_of(left), _product(Range(-1, -1, whole=True), _of(right)))
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _product(_of(left), _of(right))
        case ast.Call(func=ast.Name(id="abs"), args=[inside]):
            return Range(0, whole=_of(inside).whole)
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
