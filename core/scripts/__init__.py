"""The code that pages show, put together from parts; every script is run in a test."""
