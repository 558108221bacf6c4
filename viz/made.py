"""A chart that was drawn, to be shown many times."""

from __future__ import annotations

import sys
from typing import Any, ClassVar

from plotly.basedatatypes import BaseFigure

from viz import describe


class Made(BaseFigure):
    """A figure as a browser is sent it, and what is said of it.

    It is asked for `to_dict` only. A figure of Plotly's copies all that it holds whenever it is asked, and packs each
    array anew.
    """

    # two thirds of what a small chart holds, and the same in all
    _template: ClassVar[dict] = {}

    def __init__(self, chart: Any):
        self._sent, self._said = chart.to_dict(), describe.sentence(chart)
        if template := self._sent["layout"].get("template"):
            if template != Made._template:
                Made._template = template
            self._sent["layout"]["template"] = Made._template

    @property
    def said(self) -> str:
        """What it shows, in a sentence."""
        return self._said

    @property
    def size(self) -> int:
        """Bytes that it holds for itself, about. Most are not of numbers, for arrays are packed as texts, but of the
        dicts and lists around them."""
        return _weight(self._sent) - _weight(self._sent["layout"].get("template", {}))

    def to_dict(self) -> dict:
        """All of it, as JSON values; not to be changed."""
        return self._sent


def _weight(value: object) -> int:
    """Names of settings are not counted, for all charts share them."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return sys.getsizeof(value) + sum(map(_weight, inside))
