"""The mathematics of Layer Lab: usable from a notebook, needs no screen."""
