"""Trainings in processes of their own, each recorded in a folder."""

from core.runs.folders import find

__all__ = ["find"]
