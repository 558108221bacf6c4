"""Trainings in processes of their own, each recorded in a folder."""
