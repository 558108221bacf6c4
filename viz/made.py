"""A chart that was drawn, to be shown many times."""

from __future__ import annotations

from typing import Any

from plotly.basedatatypes import BaseFigure

from viz import describe

_NUMBER = 8


class Made(BaseFigure):
    """A figure as a browser is sent it, and what is said of it.

    It is asked for `to_dict` only. A figure of Plotly's copies all that it holds whenever it is asked, and packs each
    array anew.
    """

    def __init__(self, chart: Any):
        self._sent, self._said = chart.to_dict(), describe.sentence(chart)

    @property
    def said(self) -> str:
        """What it shows, in a sentence."""
        return self._said

    @property
    def size(self) -> int:
        """Bytes of its texts and numbers, about; arrays are packed as texts."""
        return _weight(self._sent)

    def to_dict(self) -> dict:
        """All of it, as JSON values; not to be changed."""
        return self._sent


def _weight(value: object) -> int:
    if isinstance(value, dict):
        return sum(len(key) + _weight(each) for key, each in value.items())
    if isinstance(value, list | tuple):
        return sum(map(_weight, value))
    return len(value) if isinstance(value, str) else _NUMBER
