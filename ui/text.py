"""Numbers and shapes as the pages write them."""

from __future__ import annotations


def number(value: float, digits: int = 4) -> str:
    """`digits` significant digits, with a real minus sign."""
    return f"{value:.{digits}g}".replace("-", "−")


def shape(dimensions: tuple[int, ...]) -> str:
    """(28, 28, 8) → "28 × 28 × 8"."""
    return " × ".join(map(str, dimensions))
