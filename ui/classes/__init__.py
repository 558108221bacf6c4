"""A class on screen: the pupil's line above each page, what goes to the teacher, and the teacher's page."""
