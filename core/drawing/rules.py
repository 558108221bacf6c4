"""What a browser must be told to prepare the pad's own drawings as `preparation` does: limits and sentences.

The steps themselves stand in ui/live/prepare.js, held to these by tests/browser/test_live_drawing.py.
"""

from __future__ import annotations

from core.data.mnist import SIZE
from core.drawing import drawn, foreground, preparation, refusals, strokes


def rules() -> dict[str, object]:
    """JSON values by the names that they have here."""
    limits = {
        strokes: ("SIDE", "ERASER", "PEN", "CLEAR"),
        foreground: ("LEAST_CONTRAST", "OVER_NOISE", "MOST_INK", "SPECK", "COARSE_SIDE"),
        preparation: ("FITTED", "FINE", "THINNEST", "THICKEST", "INK", "MOST_LINE", "CENTRE"),
        drawn: ("EVEN", "SPAN", "LEAST_WAY"),
        refusals: ("BLANK", "FAINT", "COVERED", "STREWN", "SPOT", "LONG"),
    }
    told = {name: getattr(module, name) for module, names in limits.items() for name in names}
    return {"SIZE": SIZE, **told}
