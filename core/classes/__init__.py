"""A class: a teacher's group of pupils for a day, what they answer in lessons, and the digits they draw.

No accounts and nothing that says who somebody is. `store` keeps it all in a database and forgets it when a class ends.
"""
