"""Checks of a lesson: short expressions over named numbers, read with Python's own parser and an allow-list.

    100 * zeros          output_shape[0] == 28 and padding == "same"          confusion[4, 9]

Names stand for quantities of the view (see `quantities`). There are numbers, texts, True and False, the usual
operators, comparisons, `and`, `or`, `not`, `… if … else …`, shapes such as (28, 28), an index in square brackets, and
a few functions. Nothing else: no attributes, no strings that format, no loops, so that a file of somebody else's can be
opened without fear.
"""

from __future__ import annotations

import ast
import difflib
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from words import _

LONGEST = 300
# beyond them a power is no number of a lesson, and computing it could take for ever
_LARGEST_BASE, _LARGEST_POWER = 1e6, 20

_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
_UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
}
_COMPARED: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": np.abs,
    "min": lambda *values: _over(np.min, values),
    "max": lambda *values: _over(np.max, values),
    "sum": lambda *values: _over(np.sum, values),
    "round": lambda value, digits=0: round(float(value), int(digits)),
    "floor": lambda value: int(np.floor(value)),
    "len": len,
    "sqrt": np.sqrt,
    "log": np.log,
}


class ExpressionError(ValueError):
    """An expression that is none, or has no value; the message is one sentence for its writer."""


@dataclass(frozen=True)
class Expression:
    """An expression whose words are all known; `names` are the quantities that it asks for."""

    text: str
    names: frozenset[str]

    def value(self, quantities: Mapping[str, Any]) -> Any:
        """What it is for these quantities; what they raise goes through.

        Raises ExpressionError where it has no value: an index beyond the end, a text less a number.
        """
        try:
            return _plain(_value(tree(self.text), quantities))
        except (TypeError, ValueError, IndexError, KeyError, ArithmeticError) as error:
            if isinstance(error, ExpressionError):
                raise
            raise ExpressionError(
                _("“{text}” should have a value here, and has none: {error}.", text=self.text, error=error)
            ) from error

    def holds(self, quantities: Mapping[str, Any]) -> bool:
        """Whether it is true. Raises as `value` does, and where it is neither true nor false."""
        found = self.value(quantities)
        if not isinstance(found, bool):
            raise ExpressionError(_("“{text}” should be true or false, and is {found!r}.", text=self.text, found=found))
        return found


def parse(text: str, known: Mapping[str, object]) -> Expression:
    """The expression that a text is. known: the names that it may use.

    Raises ExpressionError with one sentence that names what was not understood.
    """
    text = text.strip()
    if not text:
        raise ExpressionError(_("An expression is expected, such as output_shape[0], and nothing stands there."))
    if len(text) > LONGEST:
        raise ExpressionError(
            _("An expression has at most {most} characters, this one {length}.", most=LONGEST, length=len(text))
        )
    names = frozenset(_checked(tree(text), known))
    return Expression(text, names)


@lru_cache(maxsize=1024)
def tree(text: str) -> ast.expr:
    """The text as Python reads it, whatever it says. Raises ExpressionError."""
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError(
            _("“{text}” should be an expression such as 100 * zeros, and cannot be read.", text=text)
        ) from error


def _checked(node: ast.expr, known: Mapping[str, object]) -> set[str]:
    """The quantities of a tree all of whose nodes are allowed."""
    match node:
        case ast.Constant(value=bool() | int() | float() | str()):
            return set()
        case ast.Name(id=name):
            if name not in known:
                if near := difflib.get_close_matches(name, known, 1):
                    raise ExpressionError(
                        _("“{name}” should be a quantity. Did you mean {near}?", name=name, near=near[0])
                    )
                raise ExpressionError(
                    _("“{name}” should be a quantity; there are {names}.", name=name, names=", ".join(sorted(known)))
                )
            return {name}
        case ast.Call(func=ast.Name(id=name), args=parts, keywords=[]) if name in FUNCTIONS:
            return _all(parts, known)
        case ast.Call(func=func):
            raise ExpressionError(
                _(
                    "“{text}” should be one of the functions {names}.",
                    text=ast.unparse(func),
                    names=", ".join(FUNCTIONS),
                )
            )
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            return _all([left, right], known)
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _UNARY:
            return _checked(operand, known)
        case ast.BoolOp(values=values):
            return _all(values, known)
        case ast.Compare(left=left, ops=ops, comparators=others) if all(type(op) in _COMPARED for op in ops):
            return _all([left, *others], known)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return _all([test, body, orelse], known)
        case ast.Tuple(elts=parts):
            return _all(parts, known)
        case ast.Subscript(value=value, slice=ast.Tuple(elts=places)):
            return _all([value, *places], known)
        case ast.Subscript(value=value, slice=place) if not isinstance(place, ast.Slice):
            return _all([value, place], known)
    raise ExpressionError(
        _(
            "“{text}” is more than a check may say: numbers, quantities, + - * / // % **, comparisons, and, or, not, "
            "[ ] and functions.",
            text=ast.unparse(node),
        )
    )


def _all(nodes: list[ast.expr], known: Mapping[str, object]) -> set[str]:
    return set().union(*(_checked(node, known) for node in nodes))


def _value(node: ast.expr, quantities: Mapping[str, Any]) -> Any:
    """The tree has passed `_checked`."""

    def of(each: ast.expr) -> Any:
        return _value(each, quantities)

    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return quantities[name]
        case ast.Call(func=ast.Name(id=name), args=parts):
            return FUNCTIONS[name](*map(of, parts))
        case ast.BinOp(left=left, op=op, right=right):
            return _binary(type(op), of(left), of(right))
        case ast.UnaryOp(op=op, operand=operand):
            return _UNARY[type(op)](of(operand))
        case ast.BoolOp(op=ast.And(), values=values):
            return all(bool(of(each)) for each in values)
        case ast.BoolOp(values=values):
            return any(bool(of(each)) for each in values)
        case ast.Compare(left=left, ops=ops, comparators=others):
            return _compared(of(left), ops, [of(each) for each in others])
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return of(body) if of(test) else of(orelse)
        case ast.Tuple(elts=parts):
            return tuple(map(of, parts))
        case ast.Subscript(value=value, slice=ast.Tuple(elts=places)):
            return of(value)[tuple(map(of, places))]
        case ast.Subscript(value=value, slice=place):
            return of(value)[of(place)]
    raise ExpressionError(_("“{text}” is more than a check may say.", text=ast.unparse(node)))


def _binary(kind: type[ast.operator], left: Any, right: Any) -> Any:
    if isinstance(left, str) or isinstance(right, str):
        raise ExpressionError(
            _(
                "Numbers can be reckoned with, texts such as “{left}” and “{right}” only compared.",
                left=left,
                right=right,
            )
        )
    if kind is ast.Pow and (np.max(np.abs(left)) > _LARGEST_BASE or np.max(np.abs(right)) > _LARGEST_POWER):
        raise ExpressionError(
            _(
                "A power goes up to {base:g} ** {power}, this one is larger.",
                base=_LARGEST_BASE,
                power=_LARGEST_POWER,
            )
        )
    return _BINARY[kind](left, right)


def _compared(first: Any, ops: list[ast.cmpop], others: list[Any]) -> bool:
    for op, other in zip(ops, others, strict=True):
        if not np.all(_COMPARED[type(op)](first, other)):
            return False
        first = other
    return True


def _over(function: Callable[[Any], Any], values: tuple[Any, ...]) -> Any:
    """Of several numbers, or of one array."""
    return function(np.asarray(values[0] if len(values) == 1 else values))


def _plain(value: Any) -> Any:
    """numpy's numbers as Python's own."""
    return value.item() if isinstance(value, np.generic) else value
