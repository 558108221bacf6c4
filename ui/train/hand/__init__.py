"""One step of learning by hand: a part of the Train page."""
