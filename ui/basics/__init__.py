"""Tensors and Data set."""
