"""The settings of the Evaluate page."""

from __future__ import annotations
