"""MNIST as other people would have written it."""
