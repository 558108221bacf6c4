"""The settings of the Train page, and the spec they make."""

from __future__ import annotations
