"""The packages of requirements-cluster.txt, which only some machines have."""

from __future__ import annotations

from words import N_

# what is said of a machine without them
MISSING = N_("pip install -r requirements-cluster.txt is missing here")
