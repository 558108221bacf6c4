"""The kinds of layers, one a file; kinds.py lists them."""
