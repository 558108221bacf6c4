"""A class on one machine: `make classroom` starts a dashboard for every core behind a reverse proxy."""
