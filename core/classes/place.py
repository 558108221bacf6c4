"""Where the classes of a server are kept. What asks only whether there are any need not load what reads them."""

from __future__ import annotations

import os

from core.storage import kept

VARIABLE = "LAYER_LAB_CLASS_URL"
FILE = "classes.sqlite"


def url() -> str:
    """The database's address, as SQLAlchemy has it: what the environment says, else a file beside the runs."""
    return os.environ.get(VARIABLE) or f"sqlite:///{kept.root().resolve() / FILE}"


def there() -> bool:
    """Whether there may be classes: nobody has opened one where there is no file."""
    return bool(os.environ.get(VARIABLE)) or (kept.root() / FILE).exists()
