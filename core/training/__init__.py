"""Training a network: what is trained, on which data, and both loops."""
