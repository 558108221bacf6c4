"""What a library does a little differently here."""
