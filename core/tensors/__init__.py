"""Tensors: typed literals, dtypes and casts, random numbers, statistics."""
