"""The first page: a network at work on whatever somebody draws."""
