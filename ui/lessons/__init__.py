"""Lessons on screen: the dock beside a page, the card that covers a page, the list of all, the numbers of a view."""
