"""Common mistakes of learners: what happens, and the right form."""
